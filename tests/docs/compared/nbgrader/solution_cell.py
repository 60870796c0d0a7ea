def affine_forward(x, w, b):
    """The forward pass of a fully connected layer: y = x w + b.

    Args:
        x: shape (N, D). w: shape (D, M). b: shape (M,).

    Returns:
        y, shape (N, M).

    Raises:
        ValueError: b has another length than w has columns.
    """
    ### BEGIN SOLUTION
    if b.shape != (w.shape[1],):
        raise ValueError("b does not fit")
    return x @ w + b
    ### END SOLUTION
