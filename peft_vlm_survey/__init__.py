"""The survey's sources, read and checked whole, and the questions that its chapters ask of them."""
