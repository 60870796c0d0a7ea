"""The kinds of check, one file each: what it plans (calls) and how it judges the outcomes (a finding)."""
