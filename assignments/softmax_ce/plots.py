"""The pictures of `softmax_ce`: what `grader plot softmax_ce` draws with a student's functions."""

import numpy as np

from grader.course.pictures import _, bars, call, cells, lines, numbers, picture, told

CLASSES = ("0", "1", "2", "3")


@picture(_("What does a wrong answer cost, and what does a right one?"), columns=2)
def cost():
    """The loss and its gradient while the score of the right class grows."""
    scores = np.linspace(-6, 6, 61)
    losses, slopes = [], []
    target = np.array([[1.0, 0, 0]])
    for score in scores:
        logits = np.array([[score, 0, 0]])
        losses.append(np.asarray((yield call("softmax_ce_loss", logits, target))).item())
        slopes.append(numbers((yield call("softmax_ce_gradient", logits, target)), 1, 3)[0, 0])
    label = _("score of the right class, the others are 0")
    yield lines(_("the loss"), {_("loss"): losses}, x=scores, xlabel=label)
    yield lines(_("its slope"), {_("slope"): slopes}, x=scores, xlabel=label)
    yield told(
        _(
            "A sure and wrong answer costs about as much as its score is too low; its slope stays at -1, so that it is still corrected."
        )
    )


@picture(_("In which direction does the gradient push the scores?"))
def push():
    """Probabilities, target and gradient of one example."""
    logits, target = np.array([[2.0, 1.0, 0.0, -1.0]]), np.array([[0.0, 1, 0, 0]])
    p = numbers((yield call("softmax", logits)), 1, 4)[0]
    yield bars(_("what the network says"), CLASSES, {"p": p}, xlabel=_("class"))
    yield bars(_("what is right"), CLASSES, {"t": target[0]}, xlabel=_("class"))
    gradient = numbers((yield call("softmax_ce_gradient", logits, target)), 1, 4)[0]
    yield bars(_("the gradient of the scores"), CLASSES, {"g": gradient}, xlabel=_("class"))
    yield told(
        _("The bars of the gradient add up to {total}: what one class gains, the others lose.").format(
            total=f"{gradient.sum():.2g}"
        )
    )


@picture(_("Does it still hold for scores of 1000?"), columns=2)
def large():
    """The same scores moved by 1000: the probabilities are the same, or overflow."""
    logits = np.array([[2.0, 1, 0, -1], [0, 3, 0, 0], [1, 1, 1, 1]])
    for shift in (0.0, 1000.0):
        shares = yield call("softmax", logits + shift)
        yield cells(_("scores + {shift}").format(shift=f"{shift:g}"), shares, scale="ink", written=True, limits=(0.0, 1.0))
