def generate(data):
    data["params"]["names_for_user"] = []
    data["params"]["names_from_user"] = [
        {"name": "affine_forward", "description": "The forward pass of a fully connected layer", "type": "python function"}
    ]
