"""What is seen and said in a clip, lane by lane; the words for it; who agrees with whom."""
