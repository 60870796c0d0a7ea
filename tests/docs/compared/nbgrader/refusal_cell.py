"""A bias of another length"""

with np.testing.assert_raises(ValueError):
    affine_forward(np.ones((2, 2)), np.ones((2, 3)), np.ones(1))
