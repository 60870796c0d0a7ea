"""# BEGIN TEST CONFIG
hidden: true
points: 0.5
"""  # END TEST CONFIG

rng, right = np.random.default_rng(20), []
for n, d, m in [(1, 3, 2), (4, 2, 5), (3, 3, 3)]:
    x, w, b = rng.normal(size=(n, d)), rng.normal(size=(d, m)), rng.normal(size=m)
    kept = x.copy(), w.copy(), b.copy()
    y = affine_forward(x, w, b)
    right.append(y.shape == (n, m) and np.allclose(y, np.einsum("nd,dm->nm", kept[0], kept[1]) + kept[2]))
    right.append(all(np.array_equal(now, before) for now, before in zip((x, w, b), kept)))
all(right)
