"""The only place where student code executes: see `backend` for the contract, `outcome` for what can come of a step."""
