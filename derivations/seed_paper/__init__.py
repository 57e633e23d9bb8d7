"""The paper of Ziyin, Li and Meng: its letters, what its wording needs, and its claims one by one."""
