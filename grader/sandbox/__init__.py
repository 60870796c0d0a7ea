"""The only place where student code executes: see `backend` for the contract, `outcome` for the possible outcomes of a step."""
