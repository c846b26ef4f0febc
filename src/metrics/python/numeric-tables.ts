/**
 * Ranges of characters that Python's `str.isnumeric` accepts: digits, fractions, superscripts, number ideographs.
 * Unicode 14, the version of the Python 3.11 that the reference vectors were made with (Node's is newer).
 * Made from `chr(c).isnumeric()` over all code points: distance from the end of the last range, then `+` and how many
 * more characters follow, in base 36.
 */
export const numericRanges =
  '1c+9 3d+1 6 3+2 142+9 3r+9 5j+9 bh+9 3b+9 5+5 31+9 3b+9 3b+9 3+5 33+c 38+9 9+6 2w+9 2x+6 8+i 32+9 2p+9 3b+9 1z+j ' +
  '7h+9 1z+9 k0+j oi+2 6o+9 7+9 n+9 8d+9 3l+a 4m+9 7+9 53+9 2f+9 3r+9 7+9 t3 4+5 7+9 5j+1e 3+4 k7+1n 27+l hj+t 12i ' +
  'lm q+8 f+2 9k+3 3v+9 v+7 2+e x+9 14+e 92 3i pz mb 3oz 3 4 2 2c 1b 8 2 15+1 v 9 11 2r b8 1u z 2 2 d0 2+2 7 39+3 ' +
  'lz eu 8 135 3o+1 d+2 2 ry 26 w6 1f8 wg ko 1zc py 1oi 5 3h 1rl 11 6 18 3i 2zu+9 59+9 8x+5 4b+9 13+9 5j+9 n+9 2f+9 ' +
  'bb+9 faq 8 5 1m v 2 16 103+9 dq+18 d+1k i+1 9i+q 11+3 u 9 3r+4 5n+9 q7+7 q+6 14+8 24+4 n+5 4h+1 3+f 3+19 1t+8 ' +
  '1h+1 v+2 24+4 2x+7 p+7 16+6 97+5 1d+9 87+u 4f+9 17+3 35+6 3r+t 3l+9 1p+9 41+9 8+j 70+9 9j+9 3b+9 af+9 2v+9 2v+b ' +
  'bp+i 2m+9 l3+s 6c+9 1z+9 ev+k to+32 dte+9 2f+9 3r+9 2+6 m7+m jt6+j 31+o uu+1d 1tt+9 br+9 15a+8 3l+9 m0+1m 2+2 ' +
  '2+3 25+18 2+e qr+c 25g+9 so 2r 3i 1r 1l5 2h 9 g 9a j s 4tz 16w 3gj 7rm tnn';

/** First characters (hexadecimal) of the runs of ten decimal digits, likewise from `chr(c).isdecimal()`. */
export const decimalZeros =
  '30 660 6f0 7c0 966 9e6 a66 ae6 b66 be6 c66 ce6 d66 de6 e50 ed0 f20 1040 1090 17e0 1810 1946 19d0 1a80 1a90 1b50 ' +
  '1bb0 1c40 1c50 a620 a8d0 a900 a9d0 a9f0 aa50 abf0 ff10 104a0 10d30 11066 110f0 11136 111d0 112f0 11450 114d0 ' +
  '11650 116c0 11730 118e0 11950 11c50 11d50 11da0 16a60 16ac0 16b50 1d7ce 1d7d8 1d7e2 1d7ec 1d7f6 1e140 1e2f0 ' +
  '1e950 1fbf0';
