"""The kinds of check, a file each: what it plans (calls) and how it judges what came (a finding)."""
