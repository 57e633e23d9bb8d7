"""The networks that users give: depth, widths, decays and noise, exact or symbolic."""
