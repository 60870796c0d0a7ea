"""The locked-down backend: a zygote that forks a child for each submission."""
