"""Files: from the text of cells to typed rows with the codes of the warehouse."""
