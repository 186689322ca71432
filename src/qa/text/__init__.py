"""Reading the text in a picture and matching it with what should stand there."""
