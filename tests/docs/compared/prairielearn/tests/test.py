import numpy as np
from code_feedback import Feedback
from pl_helpers import name, points
from pl_unit_test import PLTestCase


class Test(PLTestCase):
    @points(1)
    @name("the example of the slide")
    def test_slide(self):
        y = Feedback.call_user(self.st.affine_forward, np.array([[1, 2.0]]), np.array([[1.0, 0], [3, 1]]), np.array([1.0, -1]))
        Feedback.set_score(1 if Feedback.check_numpy_array_allclose("y", np.array([[8.0, 1]]), y) else 0)

    @points(2)
    @name("random batches")
    def test_random(self):
        rng, right = np.random.default_rng(), 0
        for n, d, m in [(1, 3, 2), (4, 2, 5), (3, 3, 3)]:
            x, w, b = rng.normal(size=(n, d)), rng.normal(size=(d, m)), rng.normal(size=m)
            kept = x.copy(), w.copy(), b.copy()
            y = Feedback.call_user(self.st.affine_forward, x, w, b)
            same = all(np.array_equal(now, before) for now, before in zip((x, w, b), kept))
            if not same:
                Feedback.add_feedback("an argument was changed")
            right += Feedback.check_numpy_array_allclose("y", self.ref.affine_forward(*kept), y) and same
        Feedback.set_score(right / 3)

    @points(0.25)
    @name("a bias of another length")
    def test_refusal(self):
        try:
            self.st.affine_forward(np.ones((2, 2)), np.ones((2, 3)), np.ones(1))
            Feedback.set_score(0)
        except ValueError:
            Feedback.set_score(1)
