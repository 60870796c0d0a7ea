def affine_forward(x, w, b):
    """Summed over the inputs by einsum."""
    if len(b) != w.shape[1]:
        raise ValueError("b does not fit w")
    return np.einsum("nd,dm->nm", x, w) + b
