"""The example of the slide"""

y = affine_forward(np.array([[1, 2.0]]), np.array([[1.0, 0], [3, 1]]), np.array([1.0, -1]))
np.testing.assert_allclose(y, [[8, 1]])


### BEGIN HIDDEN TESTS
def _right(x, w, b):
    return np.einsum("nd,dm->nm", x, w) + b


rng = np.random.default_rng(20)
for n, d, m in [(1, 3, 2), (4, 2, 5), (3, 3, 3)]:
    x, w, b = rng.normal(size=(n, d)), rng.normal(size=(d, m)), rng.normal(size=m)
    kept = x.copy(), w.copy(), b.copy()
    y = affine_forward(x, w, b)
    assert y.shape == (n, m), f"y has shape {y.shape}, but should have {(n, m)}"
    np.testing.assert_allclose(y, _right(*kept), err_msg="random batches")
    for name, now, before in zip("xwb", (x, w, b), kept):
        np.testing.assert_array_equal(now, before, err_msg=f"{name} was changed")
### END HIDDEN TESTS
