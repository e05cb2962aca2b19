// Package picture draws a terminal's screen as SVG: one screen (Still), or a whole run of
// the program (Film). It belongs to the tests, which draw the README's pictures with it;
// the program itself never imports it.
//
// Rules:
//   - A cell is ten units wide, in whatever font the reader has: every run of text has its
//     place and its length, and whatever fonts draw differently or lack (boxes, blocks,
//     marks, dots, the spinner) is drawn as a path, so that frames join without a gap.
//   - A picture is a function of the screens alone: the same screens give the same bytes.
//   - No script, no font, nothing from elsewhere: a README shows pictures in a sandbox.
//   - Colours are the program's own, on the ground its terminal had. Lowest tells the worst
//     contrast, for the test that holds it.
package picture
