int rising(int first, int second, int third);
