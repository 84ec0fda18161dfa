"""Landing: a file becomes rows in force, or reasons why not."""
