"""What a wrong derivation is: a right equation with one thing changed; and all that can be changed in one."""
