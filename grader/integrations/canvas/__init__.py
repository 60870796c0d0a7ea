"""Canvas: its bulk downloads and its gradebook."""
