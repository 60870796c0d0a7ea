"""# BEGIN TEST CONFIG
points: 0.25
"""  # END TEST CONFIG

try:
    affine_forward(np.ones((2, 2)), np.ones((2, 3)), np.ones(1))
    refused = False
except ValueError:
    refused = True
refused
