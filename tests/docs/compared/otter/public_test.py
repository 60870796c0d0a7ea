"""# BEGIN TEST CONFIG
points: 0.25
failure_message: The example of the slide
"""  # END TEST CONFIG

y = affine_forward(np.array([[1, 2.0]]), np.array([[1.0, 0], [3, 1]]), np.array([1.0, -1]))
np.allclose(y, [[8, 1]])
