// Each of these must be noticed.
document.getElementById('root')?.setAttribute('style', 'color: red');
console.error('something is wrong');
try {
  new Function('return 1')();
} finally {
  const picture = document.createElement('img');
  picture.src = 'https://example.org/spy.png';
  document.body.append(picture);
}
