"""Lines of course texts, blogs and lecture notes: none that is right is told wrong, and none that is wrong right."""

import re
import runpy
from pathlib import Path

import pytest
from pages import course

from autograd import Value, compare, read_page
from optim import SGD


def square():
    """u = 7, y = 49, dy/du = 14, dy/dw = 28, dy/dx = 42, w+ = 2.72."""
    x, w = Value(2.0, "x"), Value(3.0, "w")
    u = (w * x + 1).named("u")
    return (u**2).named("y"), SGD([w], 0.01)


def logistic():
    """z = 0, p = 0.5, L = 0.6931, dL/dz = -0.5."""
    w, x, b = Value(0.5, "w"), Value(2.0, "x"), Value(-1.0, "b")
    p = (w * x + b).named("z").sigmoid().named("p")
    return (-p.log()).named("L"), SGD([w, b], 0.1)


def mazur():
    """The network of tests/pages/mazur.py."""
    return runpy.run_path(str(Path(__file__).parents[2] / "pages" / "mazur.py"))["graph"]()


GRAPHS = {"square": square, "course": course, "logistic": logistic, "mazur": mazur}


def report_on(graph, line):
    output, optimizer = graph()
    return compare(output, read_page(line.replace("⏎", "\n")), optimizer)


def lines(**texts):
    """A parameter set for each line of texts, with the graph whose name they have; ⏎ stands for a line's end."""
    found = [(GRAPHS[name], line) for name, text in texts.items() for line in text.strip("\n").split("\n")]
    return pytest.mark.parametrize(("graph", "line"), found, ids=[f"{graph.__name__}: {line}" for graph, line in found])


@lines(
    square=r"""
x=2 -> u=7 -> y=49
x=2 => u=7
✓ y = 49
y = 49 ✔
• y = 49
[u = 7] and y = 49
\left.\frac{\partial y}{\partial w}\right|_{w=3} = 28
w_{\text{new}} = w - 0.01 \cdot 28 = 2.72
$x=2,\; w=3,\; u=7$
(1) u = 7
>>> y = 49
“y = 49”
Let u = 3x + 1. Then y = u^2 = 49.
u = 3x + 1 = 7
u = 3 x + 1 = 7, y = 49
u = 3·2 + 1 = 7
u = wx + 1 = 3*2 + 1 = 7
$u = wx + 1 = 7$ and $y = u^2 = 49$
u = w x + 1 = 3(2) + 1 = 7
y = u² = 49
y = 7² = 49
y = (3x+1)^2 = 49
y = (3*2 + 1)^2 = 7^2 = 49
$\frac{dy}{du} = 2u = 14$
\frac{dy}{du} = 2u = 2 \cdot 7 = 14
\[ \frac{dy}{dw} = \frac{dy}{du} \cdot \frac{du}{dw} = 14 \cdot 2 = 28 \]
dy/dx = 2u * w = 2*7*3 = 42
dy/du = 2u = 2(7) = 14
dy/dw = 2ux = 28
w+ = w - 0.01 dy/dw = 3 - 0.01 * 28 = 2.72
w+ = 3 – 0.01 × 28 = 2.72
x = 2, w = 3, u = 7
x = 2; w = 3
x = 2 and w = 3
For x = 2 and w = 3 we get u = 7.
With x = 2, u = 7 and y = 49.
- x = 2⏎- w = 3⏎- u = 7
* x = 2⏎* w = 3
1. x = 2⏎2. w = 3
1) x = 2
(a) u = 7
(i) u = 7
x = 2    w = 3    u = 7
x = 2 w = 3 u = 7
$x = 2 \quad w = 3$
\begin{aligned} u &= 3x + 1 \\ &= 7 \\ y &= 49 \end{aligned}
u = 7 (hidden), y = 49 (output)
the hidden value (u = 7) and the output (y = 49)
Here u is 7.
u is 7, y is 49, and dy/du is 14
dy/du: 14
| u | 7 |
| x = 2 | u = 7 |
**u = 7**
`u = 7`, `y = 49`
u := 7 and y = 49
y = 49 ≈ 49.0
y = 49.0 = 4.9e1
y = 4.9 x 10^1
y = 4.9 × 10¹
∂y/∂u = 2u = 14
\partial y / \partial u = 14
Therefore, y = 49!
So: y = 49
→ y = 49
⇒ u = 7 ⇒ y = 49
u=7,y=49
u=7;y=49
y = u * u = 7 * 7 = 49
y = u^2 = 7^2 = 49, dy/du = 2u = 2*7 = 14.
the derivative dy/du = 14
the gradient dy/dw = 28
the gradients are dy/dw = 28 and dy/dx = 42
Gradients: dy/dw = 28, dy/dx = 42
y = 49.
Then y = 49 which is large
w⁺ = 2.72
w_{new} = 2.72
w^{new} = 2.72
w+: 2.72
x = 2 (given)
y = 49 \tag{1}
y = 49 \quad (1)
y = 49 [see above]
""",
    course=r"""
o1 = sigmoid(z3) = 1/(1 + e^{-z3}) = 0.60944600
o1 = 0.609446 ≈ 0.61
E_total = 0.02193381 + 0.00203809 = 0.0239719 ≈ 0.024
$E_{total} = E_{o1} + E_{o2} = 0.02193381 + 0.00203809 = 0.02397190$
o1: 0.609446, o2: 0.663845
o1 = 0.609446; o2 = 0.663845
net: h1 = 0.51998934
o1 = 0.6094 = 60.94%
o1 = 60.9446%
o1 = 0.609 446
o1 = 0.609\,446
o1 = 0.609 446 0
o1 = 6.09446 × 10⁻¹
출력은 o1 = 0.609446이고 o2 = 0.663845이다
dE_total/dw5 = 0.02592286, so w5+ = 0.45 - 0.5 * 0.02592286 = 0.43703857
$w_5^+ = w_5 - \eta \frac{\partial E_{total}}{\partial w_5} = 0.45 - 0.5 \times 0.02592286 = 0.43703857$
the output neuron o1 = 0.609446
we get $o_1 = 0.609446$ for the first output
w5 = 0.45, w5+ = 0.43703857
First, o1 = 0.609446.
Next: o1 = 0.609446
Output: o1 = 0.609446
Hence o1 = 0.609446 …
Finally we get o1 = 0.609446 (and o2 = 0.663845).
Forward pass: z1 = 0.08, z2 = 0.11, h1 = 0.51998934
With w1 = 0.3, the weighted sum z1 = 0.08
순전파: z3 = 0.44498412
z3를 시그모이드에 넣으면 o1 = 0.609446
따라서 $o_1 = 0.609446$ 이다.
오차는 E_total = 0.02397190 입니다
E_total = 0.02397190이다
o1≈0.609
o1 ≈ 0.609
o1 ≃ 0.609
o_1 \approx 0.609
o_1 \simeq 0.609
$$o_1 = 0.609446$$
\[o_1 = 0.609446\]
\(o_1 = 0.609446\)
\begin{equation} o_1 = 0.609446 \end{equation}
\begin{align} o_1 &= \sigma(z_3) \\ &= 0.609446 \end{align} where z_3 = 0.44498412
<b>o1</b> = 0.609446
<p>o1 = 0.609446</p>
o<sub>1</sub> = 0.609446
* **o1** = 0.609446
1. **o1** = 0.609446
> o1 = 0.609446
| o1 | 0.609446 |
| `o1` | 0.609446 |
o1	0.609446
o1 = 0.609446 # output
print(o1) # o1 = 0.609446
o1 = 0.609446;
o1 = 0.609446, which is too large
o1 = 0.609446 – too large
o1 = 0.609446 — too large
o1 = 0.609446 instead of 0.4
o1 = 0.609446 vs. target 0.4
o1 = 0.609446 while the target is 0.4
o1 = 0.609446 > 0.4
dE_total/dw5 = dE_total/do1 * do1/dz3 * dz3/dw5 = 0.20944600 * 0.23802157 * 0.51998934 = 0.02592286
\frac{dE_{total}}{dw_5}\Big|_{w_5=0.45} = 0.02592286
w_5 \leftarrow w_5 - \alpha \frac{\partial E}{\partial w_5} = 0.45 - 0.5 \cdot 0.02592286 = 0.43703857
w_5 := w_5 - 0.5 \cdot 0.02592286 = 0.43703857 , h_1 = 0.51998934
w5 ← 0.45 - 0.5 * 0.02592286, i.e. w5+ = 0.43703857
h1 = σ(0.08) = 0.51998934
h1=sigmoid(z1)=sigmoid(0.08)=0.51998934
z1 = w1*x1 + w2*x2 = 0.08
E_o1 = ½ (0.4 − 0.609446)² = 0.0219338
""",
    logistic=r"""
z = wx + b = 0.5·2 - 1 = 0
p = σ(z) = σ(0) = 0.5
L = -ln p = -ln 0.5 = 0.6931
L = -log(p) = -log(0.5) = 0.6931
L = −ln(0.5) = 0.6931
p = 1/(1+e^{-0}) = 1/2 = 0.5
p = 1/2 = 0.5 = 50%
dL/dz = p - 1 = -0.5
dL/dw = (p - t) x = (0.5 - 1) * 2 = -1
dL/dw = (p − t)·x = −1.0
dL/db = -0.5
w+ = 0.5 - 0.1 (-1) = 0.6
w+ = 0.5 - 0.1 × (−1) = 0.6
w+ = 0.5 + 0.1 = 0.6
b+ = -1 + 0.05 = -0.95
L = ln 2 = 0.6931
L = log 2 = 0.69315
L ≈ 0.693
z = w * x + b = 0.5 * 2 + (-1) = 0
z = w·x + b = 1 - 1 = 0
p = sigmoid 0 = 0.5
""",
    mazur=r"""
net_{h1} = 0.15 * 0.05 + 0.2 * 0.1 + 0.35 * 1 = 0.3775
out_{h1} = \frac{1}{1+e^{-net_{h1}}} = \frac{1}{1+e^{-0.3775}} = 0.593269992
out_{h2} = 0.596884378
net_{o1} = w_5 * out_{h1} + w_6 * out_{h2} + b_2 * 1 = 0.4 * 0.593269992 + 0.45 * 0.596884378 + 0.6 * 1 = 1.105905967
E_{o1} = \frac{1}{2}(target_{o1} - out_{o1})^{2} = \frac{1}{2}(0.01 - 0.75136507)^{2} = 0.274811083
E_{total} = E_{o1} + E_{o2} = 0.274811083 + 0.023560026 = 0.298371109
\frac{\partial E_{total}}{\partial out_{o1}} = -(target_{o1} - out_{o1}) = -(0.01 - 0.75136507) = 0.74136507
\frac{\partial out_{o1}}{\partial net_{o1}} = out_{o1}(1 - out_{o1}) = 0.75136507(1 - 0.75136507) = 0.186815602
\frac{\partial net_{o1}}{\partial w_{5}} = 1 * out_{h1} * w_5^{(1 - 1)} + 0 + 0 = out_{h1} = 0.593269992
\frac{\partial E_{total}}{\partial w_{5}} = 0.74136507 * 0.186815602 * 0.593269992 = 0.082167041
w_5^{+} = w_5 - \eta * \frac{\partial E_{total}}{\partial w_{5}} = 0.4 - 0.5 * 0.082167041 = 0.35891648
\frac{\partial net_{o1}}{\partial out_{h1}} = w_5 = 0.40
\frac{\partial E_{o1}}{\partial out_{h1}} = 0.138498562 * 0.40 = 0.055399425
w6+ = 0.408666186, w7+ = 0.511301270 and w8+ = 0.561370121
$w_6^+ = 0.408666186$
we find that w_5 = 0.40 and w_6 = 0.45.
""",
)
def test_a_right_line_is_read(graph, line):
    """Its numbers are found, and all agree."""
    report = report_on(graph, line)
    assert report.numbers
    assert report.agrees, report.text


@lines(
    square=r"""
x = 1, 2, 3
x = 1 or 2
x = 1 to 3
x = 5 mod 3
x • w = 6
wᵀx = 6
the previous w = 4
the best w = -0.5
the true w = 1
label y = 1
another x = 5
x to the power w = 8
\frac{d^2 y}{dw^2} = 8
dy/dw * 0.01 = 0.28
half of dy/dw = 14
x = 2 m/s = 7.2 km/h
x = 1–3
x = ... = 2
x = 1 1/2
x = 2¹
1−x = -1
10% of x = 0.2
\sqrt[3]{x} = 1.26
\text{gradient of } w = 28
∂²y/∂w² = 8
[dy/dw, dy/dx] = [28, 42]
\frac{dy}{du} = 2u
\frac{dy}{du} = 2 u = 14
$\frac{dy}{du} = 2\,u = 14$
$\frac{dy}{du} = 2 \, u$
dy/du = 2 u
2u = 14
3x = 6
wx = 6
w x = 6
w*x = 6
2 u = 14
x^2 = 4
x² = 4
u/2 = 3.5
-u = -7
(2)(u) = 14
2(u) = 14
√y = 7
|u| = 7
||w|| = 3
‖w‖ = 3
1/u = 0.1429
u - 1 = 6
u + x = 9
\sqrt{y} = 7
\sqrt y = 7
\ln y = 3.89
\log y = 3.89
log y = 3.89
ln u = 1.9459
log(u) = 1.9459
exp x = 7.389
e^x = 7.389
\Delta w = -0.28
Δw = -0.28
∆w = -0.28
Δ w = -0.28
delta w = -0.28
dw = -0.28
the change in w is -0.28
the derivative of u is 14
derivative with respect to u = 14
the partial w.r.t. u is 14
the gradient w.r.t. w: 28
gradient of y wrt w = 28
The slope at w is 28
the new w = 2.72
new w = 2.72
updated w: 2.72
the updated w is 2.72
Gradient w: 28
Gradients: w: 28, x: 42
Gradients: w = 28, x = 42
twice u = 14
half of y = 24.5
the square of u is 49
the square of u = 49
square root of y = 7
x, w = 2, 3
x and w = 2 and 3
(x, w) = (2, 3)
[x, w] = [2, 3]
x = 2, 5 times
w is 10 times larger
w is 50% larger than x
u is 5 more than x
2 times u = 14
three times x = 6
u squared = 49
u minus 1 = 6
1 plus x = 3
y over u = 7
sum of w and x = 5
product of w and x = 6
w times x = 6
the product w x = 6
the product wx = 6
the sum w + x = 5
w+x = 5
w + x = 5
3 + x = 5
u = 3x⏎  + 1 = 7
u = 6⏎+ 1⏎= 7
u = 6 + ... + 1
u = 1 + 1 + ... + 1 = 7
u = 1 + ⋯ + 1 = 7
u = 1 + \cdots + 1 = 7
u = \sum_i 1 = 7
u = \sum_{i=1}^{7} 1 = 7
∇y = 28
∇_w y = 28
\nabla_w y = 28
\nabla y = 28
\frac{d}{dx} u = 3
\frac{d}{du} y = 14
d/du y = 14
d/du (u^2) = 14
\frac{\partial}{\partial u} y = 14
\frac{\partial}{\partial u} u^2 = 2u = 14
E[x] = 3
P(x) = 0.5
f(x) = 5
u(x) = 7
u(2) = 7
y(u) = 49
y'(u) = 14
y' = 14
u' = 3
max x = 9
min w = 0
argmax u = 1
mean x = 5
x mod 2 = 0
x % 2 = 0
x! = 2
x != 3
x <= 3
x >= 1
x < 3 = w
x == 2
x ≤ 5, u ≥ 3
0 <= x <= 3
x² + w² = 13
x^2 + w^2 = 13
xw = 6
uw = 21
2x + 1 = 5
2x+1=5
3x - 1 = 5 so x = 2
1/2 y = 24.5
\frac{1}{2} y = 24.5
\frac12 y = 24.5
½ y = 24.5
½y = 24.5
x̄ = 4
ŷ = 3
\hat{y} = 3
\bar x = 3
\hat y = 3
\tilde{w} = 5
y - 40 = 9
40 + y - 80 = 9
u * x = 14
u ⊙ x = 14
u @ x = 14
u . x = 14
u . w . x = 42
y = 24.5 . 2 = 49
z = 0.5 . 2 = 1
y = 7 7 = 49
x : w = 0.667
ratio x:w = 0.667
x_1 = 5
x[0] = 5
x[1] = 3
w[0][1] = 5
x.grad = 42
w.grad = 28
w.data = 3
w.grad: 28
w.grad is 28
y.backward() gives w.grad = 28
self.w = 7
w -= 0.28
w += 0.28
w *= 0.9
w /= 2
w = w - 0.28 = 2.72
w = 3 - 0.01*28 = 2.72
lr * dy/dw = 0.28
lr dy/dw = 0.28
0.01 dy/dw = 0.28
0.01 * dy/dw = 0.28
\eta \frac{dy}{dw} = 0.28
0.01 \frac{dy}{dw} = 0.28
-\eta \frac{dy}{dw} = -0.28
dy/du du/dw = 28
dy/du * x = 28
dy/du x = 28
\frac{dy}{du} x = 28
\frac{dy}{du}\frac{du}{dw} = 28
du/dw dw = 1
u = 7 km = 7000 m
y = 49 V = 49000 mV
y = 49V = 49000mV
y = 49 m = 4900 cm
y = 49 times
step 2: u = 7
Epoch 1, y = 49
y ~ 50
u ± 0.5 = 7
u = 7 ± 0.1
u ∈ [0, 10]
u = [1, 7]
u = (7)
y = {49}
y = 50 - 1
y = 50-1
w = 6/2
w = 6 / 2
x = 1 + 1
3 = w
2 = x, 3 = w
49 = y = u^2
7^2 = 49 = y
100% = 1
y = 49 or 4900%
y = 4900%
w+ = 3⏎ - 0.01 * 28⏎ = 2.72
w+ = 3 - 0.01 * 28⏎   = 2.72
w^+ &= 3 \\ &- 0.28 \\ &= 2.72
u = 3x⏎⏎+ 1 = 7
the loss y = 49, the gradient 28
w -> 2.72
w → 2.72
w <- 2.72
w ← w - 0.28 = 2.72
w := w - 0.28 = 2.72
w becomes 2.72
w changes by -0.28
w is updated to 2.72
from w = 3 to w = 2.72
w goes from 3 to 2.72
old w = 3, new w = 2.72
w(0) = 3, w(1) = 2.72
w_0 = 3, w_1 = 2.72
w^{(1)} = 2.72
w^{(0)} = 3
w^1 = 2.72
w^{(t+1)} = 2.72
w_{t+1} = 2.72
w_t = 3
w^* = 0
w^* = 3/2
w* = 0
w∗ = 0
w̃ = 1
u = 7 = y/7
u = y/7 = 49/7 = 7
y/7 = u = 7
y/7 = 49/7 = 7
x = 2 = 14/7
y = 7·7 = 49 = 7^2
""",
    course=r"""
$w_1 x_1 + w_2 x_2 = 0.08$
$w_5 h_1 = 0.45 \times 0.51998934 = 0.2339952$
(1 - o1) o1 = 0.238022
o1 (1 - o1) = 0.238022
o1(1-o1) = 0.238022
$\Delta w_5 = -0.01296143$
$\ln o_1 = -0.495205$
0.5 dE_total/dw1 = 0.00040444
2 E_{total} = 0.0479438
\frac{1}{2} o_1 = 0.304723
√o1 = 0.78067
o1² = 0.371424
o_1^2 = 0.371424
tanh o1 = 0.543817
\sin o_1 = 0.57242
\sigma(z_3) = 0.609446
\sigma'(z_3) = 0.238022
σ′(z3) = 0.238022
the target for o1 is 0.4
the target o1 is 0.4
Target o1: 0.4
Targets: o1 = 0.4, o2 = 0.6
the error of o1 is 0.02193381
the error for o1: 0.02193381
error in o1 = 0.0219
delta o1 = 0.04985
δ_{o1} = 0.04985
\delta_{o1} = 0.04985
The partial derivative with respect to w5 is 0.02592286.
Gradient of w1: 0.00080888
o1, o2 = 0.609446, 0.663845
o1 and o2 are 0.609446 and 0.663845
outputs o1, o2 = 0.609446, 0.663845
o1/o2 = 0.91806
o1 - 0.4 = 0.209446
o1 - target = 0.209446
-(0.4 - o1) = 0.209446
o1 = sigmoid(z3)⏎the derivative of o1 is 0.238022
w5 goes down by 0.01296143
(o1) (o2) = 0.404578
o1 o2 = 0.404578
o1·o2 = 0.404578
o1*o2=0.404578
out o1 = 0.609446
1 - o1 = 0.390554
dE/do1 · do1/dz3 = 0.04985267
\frac{\partial E}{\partial o_1} \frac{\partial o_1}{\partial z_3} = 0.04985267
E_{o1} = \frac{1}{2}(0.4 - 0.60944600)^2 = 0.02193381
E_o1 = 1/2 (0.4 - 0.609446)^2 = 0.5 * 0.0438676 = 0.0219338
E_o1 = 0.5 (−0.209446)² = 0.0219338
w5+ = 0.45 − 0.0130 = 0.437
w5: 0.45 → 0.43703857
w5 = 0.45 -> 0.43703857
w5 | 0.45 | 0.43703857
| w5 | 0.45 | 0.0259 | 0.437 |
h1 = 0.51998934 h2 = 0.539
z = 0.5 * 0.1 + ... + 0.3 * 0.2 = 0.44498412
o1 = 1 / (1 + exp(-0.44498412)) = 0.60944600 (rounded)
\frac{\partial E_{total}}{\partial o_1} \cdot \frac{\partial o_1}{\partial z_3} = 0.04985267
E_total decreases from 0.02397190 to 0.02323634
E_total: 0.02397190 → 0.02323634
E_total goes from E_total = 0.02397190 to E_total = 0.02323634
epoch 1: loss = 0.0239, epoch 2: loss = 0.0232
o1 should be 0.4
want o1 = 0.4
we want o1 = 0.4 but got o1 = 0.609446
ideally o1 = 0.4
suppose w5 = 1
Suppose o1 = 0.5. Then
the error signal δ for o1 = 0.0498
o1's error = 0.0219
o1's derivative is 0.238022
the derivative at o1 is 0.238022
sigmoid'(z3) = 0.238022
sigmoid(z3)(1 - sigmoid(z3)) = 0.238022
o1(1 - o1) = 0.609446 * (1 - 0.609446) = 0.238022
(o1 - t1) = 0.209446
(o1 − 0.4) = 0.209446
(o1 - 0.4)^2 / 2 = 0.0219
½(o1 − t1)² = 0.0219
1/2 (0.4 - o1)^2 = 0.02193381
E = ½ Σ (t − o)² = 0.02397190
Σ E = 0.0239719
∑ E_i = 0.02397190
h1 w5 + h2 w6 = 0.44498412
w5·h1 + w6·h2 = 0.44498412
0.45·h1 = 0.234
0.45 h1 = 0.234
0.45h1 = 0.234
z3 = 0.45 h1 + 0.4 h2 = 0.44498412
Δw5 = −0.5 · 0.02592286 = −0.01296143
Δw5 = -η ∂E/∂w5 = -0.01296143
\Delta w_5 = -\eta\, \frac{\partial E_{total}}{\partial w_5} = -0.5 \cdot 0.02592286 = -0.01296143
-0.5 * dE_total/dw5 = -0.01296143
η · dE_total/dw5 = 0.01296143
dE_total/dw5 · 0.5 = 0.01296143
lr × gradient = 0.0129
10 × o1 = 6.09
o1 × 100 = 60.9446
100 o1 = 60.94
o1 in percent = 60.94
o1 rounded to 2 digits = 0.61
o1 + o2 = 1.27329
o1 ≥ 0.5 = threshold
o1 ≠ 0.7
o1 != 0.7
o1 /= 0.7
o1 <> 0.7
o_1 \neq 0.7
o_1 \ne 0.7
o_1 \leq 0.7
o1 <= 0.7
not o1 = 0.7
o1 is not 0.7
o1 is about 0.6
o1 is near 0.6
o1 is 0.6 or so
o1 is roughly 0.6
o1 is 0.2 too large
o1 is 0.209446 above the target
o1 is 0.2 away from 0.4
w5 is 0.013 smaller
w5 is 3% smaller now
w5 is 1 of 8 weights
w1 is 0 only if
h1 is 1 of two units
x1 is 2 times x2
x1 and x2 = 0.1 and 0.2
w1...w8 = 0.3
w1, ..., w8 = 0.3, ..., 0.5
w1–w4 = 0.3
w1 - w4 = 0.3
w5 to w8 = 0.4
w5 through w8 = 0.4
layer 1: w = 2, b = 3
log loss of o1 = 0.495
log-loss(o1) = 0.495
-log(o1) = 0.495205
−ln o1 = 0.495205
sqrt o1 = 0.78067
sqrt(o1) = 0.78067
o1**2 = 0.371424
o1^2 = 0.371424
o1 ^ 2 = 0.371424
o₁ = 0.609446
o₁² = 0.371424
o_1' = 0.238022
o1'(z3) = 0.238022
(o1)' = 0.238022
d(o1) = 0.3
d o1 = 0.3
do1 = 0.3
E(o1) = 0.0219
E[o1] = 0.0219
P(o1) = 0.6
N(o1) = 3
o1[0] = 5
o1.grad = 0.209446
w5.grad = 0.02592286
w5.grad: 0.02592286
grad w5 = 0.02592286
grad(w5) = 0.02592286
grad_w5 = 0.02592286
gradient w5 = 0.02592286
gradients w5, w6 = 0.0259, 0.0263
w5 gradient = 0.02592286
w5's gradient = 0.02592286
w5 gradient: 0.02592286
w5 update: -0.01296143
w5 (new) = 0.43703857
w5 (updated): 0.43703857
new weight w5 = 0.43703857
w5 new = 0.43703857
w5_new = 0.43703857
updated w5 = 0.43703857
Updated weight w5: 0.43703857
the updated weight w5 = 0.43703857
Our new w5 is 0.43703857
after the update w5 = 0.43703857
After one step, w5 = 0.43703857
w5 after one step = 0.43703857
w5 after the update = 0.43703857
w5 after update is 0.43703857
w5 after 1 step = 0.43703857
w5(1) = 0.43703857
w5(t+1) = w5(t) - 0.5 * 0.02592286 = 0.43703857
w5[1] = 0.43703857
w5^(1) = 0.43703857
""",
    logistic=r"""
ln p = -0.6931
-ln p = 0.6931
log p = -0.6931
-\log p = 0.6931
1 - p = 0.5
p(1-p) = 0.25
p (1 - p) = 0.25
\log(1-p) = -0.6931
p(y=1) = 0.7
P(t = 1 | x) = 0.5
P(t=0|x) = 0.5
p(t=1) = 0.5
t ln p = -0.6931
wx = 1
w x = 1.0
w·x = 1
x·w = 1
x w + b = 0
-x w = -1
x^T w = 1
w^T x = 1
w^\top x = 1
\mathbf{w}^T \mathbf{x} = 1
\mathbf{w} \cdot \mathbf{x} = 1
\langle w, x \rangle = 1
\|w\| = 0.5
\|w\|^2 = 0.25
\lVert w \rVert = 0.5
\lambda w = 0.05
\lambda \|w\|^2 = 0.02
\frac{\lambda}{2} w^2 = 0.0125
\mathcal{L} = 0.6931
\mathbb{E} x = 3
\operatorname{relu} b = 0
\text{softmax} z = 1
\text{ReLU}(b) = 0
relu b = 0
softplus z = 0.6931
softplus(z) = 0.6931
\tanh z = 0
\cos z = 1
\exp z = 1
\max(0, b) = 0
e^z = 1
2^z = 1
exp(z) = 1
10 p = 5
10p = 5
3 w = 1.5
3w=1.5
p% = 50
p\% = 50
p x 2 = 1
p x = 1
2 x p = 1
2 x = 4
x + x = 4
the learning rate times p = 0.05
the derivative of p w.r.t. z = 0.25
dp/dz = p(1-p) = 0.25
L1 = 3
L_2 = 4
L(w) = 0.6931
L(0.5) = 0.69
L(w, b) = 0.6931
∑ x = 9
∑x = 9
Σ x = 9
\sum x = 9
\prod p = 9
\int p = 9
\Sigma x = 9
n x = 10
N p = 10
k·p = 5
p/2 = 0.25
p / 2 = 0.25
w/x = 0.25
w ÷ x = 0.25
logit p = 0
odds p = 1
logit of p is 0
H(p) = 0.6931
H p = 0.69
var x = 1
Var(x) = 1
std x = 1
x std = 1
abs b = 1
sign b = -1
sgn b = -1
floor p = 0
round p = 0
T w = 1
w T = 1
b² = 1
b^2=1
b^{2} = 1
the bias squared b^2 = 1
the value for p is 0.5
the value p is 0.5
""",
    mazur=r"""
\frac{\partial E_{total}}{\partial out_{o1}} = 2 * \frac{1}{2}(target_{o1} - out_{o1})^{2 - 1} * -1 + 0
\delta_{o1} = 0.138498562
\frac{\partial E_{total}}{\partial w_{5}} = \delta_{o1} out_{h1} = 0.138498562 * 0.593269992 = 0.082167041
When we fed forward the 0.05 and 0.1 inputs originally, the error on the network was 0.298371109.
the total error is now down to 0.291027924
The target output for o_1 is 0.01 but the neural network output 0.75136507, therefore its error is:
given inputs 0.05 and 0.10, we want the neural network to output 0.01 and 0.99
0.15 i_1 + 0.2 i_2 + 0.35 = 0.3775
w_1 i_1 = 0.0075
w_1 i_1 + w_2 i_2 = 0.0275
b_1 × 1 = 0.35
2 × w_5 = 0.8
out_{h1} w_5 = 0.237307997
w_5 out_{h1} = 0.237307997
(target_{o1} - out_{o1})^2 = 0.549622166
target_{o1} - out_{o1} = -0.74136507
|target_{o1} - out_{o1}| = 0.74136507
-\eta \frac{\partial E_{total}}{\partial w_5} = -0.0410835
\eta \cdot 0.082167041 = 0.0410835
0.5 × 0.082167041 = 0.0410835
e^{-net_{h1}} = 0.685573
1 + e^{-net_{h1}} = 1.685573
\exp(-net_{h1}) = 0.685573
error of out_o1 = 0.274811083
the error for w5 = 0.082167041
nudge w5 by 0.0410835
after 10,000 rounds the error is 0.0000351085
""",
)
def test_a_right_line_is_not_told_wrong(graph, line):
    """What is not sure may be left out, such as what 2u, ln(p) or the derivative of u is."""
    report = report_on(graph, line)
    assert not report.parted, report.text
    assert not report.calculations, report.text
    assert report.numbers or report.left_out or not re.search(r"=.*[0-9]", line)


@lines(
    square=r"""
x=2 -> u=8
u = 3 · 2 + 1 = 7 → y = 48
✓ y = 48
w+ = 3 - 0.01*28 = 3 - 0.38 = 2.72
\left.\frac{\partial y}{\partial w}\right|_{w=3} = 27
{x = 2, w = 4}
u = 3x + 1 = 8
y = u^2 = 48
dy/du = 2u = 15
dy/du = 13
x = 2, w = 3, u = 8
y = 48 ≈ 49
y = 48 = 49
y = 49 = 48
y = 49 ≈ 50
dy/dw = 14 * 2 = 27
u is 8
u: 8
- u = 8
y = 4 9
y = 49 000
y = 49,000
y = 49_000
y = 49'000
y = 49 000
y = 49 000
y = 49\,000
y = 49e1
y = 49 %
y = 49%
y = 0.49
x = 2 w = 3 u = 8
u = 3*2 + 1 = 6 + 1 = 8
u = w x + 1 = 3*2 + 1 = 6 = 7
y = 7 * 7 = 48 = 49
u = w x + 1 = 3 * 2 + 2 = 7
y = u * u = 7 * 8 = 49
""",
    course=r"""
o1 = 0.65 = 0.609446
E_total = 0.02193381 + 0.00203809 = 0.0249719 ≈ 0.024
o1 = 0.609 999
o1 = 0.609 999
o1 = 0.609\,999
o1 = 0.609_999
o1 = 0.609'999
o1 = 0.609 999
o1 = 0.609 999 9
o1 = 0.619446
w5+ = 0.45 - 0.5 * 0.02592286 = 0.43803857
dE_total/dw5 = 0.02593286
E_total = 0.0239 = 0.0249
o1 = sigmoid(0.44498412) = 0.61 = 0.62 = 0.609446
z1 = 0.1 * 0.3 + 0.2 * 0.25 = 0.09
o1 = 0.60954600
o1 = 0.609 (rounded), E_total = 0.0339
$o_1 = 0.619$.
dE_total/dw5 = 0.20944600 * 0.23802157 * 0.51998934 = 0.02692286
$\frac{\partial E_{total}}{\partial w_5} = 0.0359$
w_5^{+} = 0.45 - 0.5 \cdot 0.02592286 = 0.43103857
o1 = 0.609446   o2 = 0.763845
| o1 | 0.709446 |
o1: 0.709446
o1 is 0.709446
the output neuron o1 = 0.709446
출력은 o1 = 0.709446이다
o1 = 0.709446이고 o2 = 0.663845
E_total = 0.02193381 + 0.00303809 = 0.02497190
E_total = 0.02193381 + 0.00203809 = 0.02497190 = 0.0239719
- o1 = 0.709446
* o1 = 0.709446
1. o1 = 0.709446
(a) o1 = 0.709446
# o1 = 0.709446
> o1 = 0.709446
""",
)
def test_a_wrong_line_is_not_told_right(graph, line):
    """It is told wrong, or not compared."""
    report = report_on(graph, line)
    assert not report.agrees or report.left_out, report.text


@lines(
    square="""
u = 3·2 + 2 = 8
y = 7*7 + 1 = 50
w+ = 3 - 0.01 * 29 = 2.71
w+ = 3.00 - 0.010 * 29.0 = 2.71
""",
    course="""
z1 = 0.3*0.1 + 0.25*0.2 = 0.03 + 0.06 = 0.09
z1 = 0.300*0.100 + 0.250*0.200 = 0.030 + 0.051 = 0.081
""",
)
def test_numbers_that_are_exact_were_not_rounded(graph, line):
    report = report_on(graph, line)
    assert not report.agrees
    assert "from rounded numbers" not in [each.name for each in report.explanations], report.text


@lines(
    square=r"""
u = 7⏎w ← w − η · dy/dw = 3 − 0.01 · 28 = 2.75
u = 7⏎w := w − η · dy/dw = 3 − 0.01 · 28 = 2.75
u = 7⏎w <- w - 0.01*28 = 2.75
u = 7⏎w \leftarrow w - 0.01 \cdot 28 = 2.75
u = 7⏎w^{(1)} = 3 - 0.01 \cdot 28 = 2.75
u = 7⏎w ← 2.75
u = 7⏎y := u^2 = 48
u = 7⏎y \equiv 48
u = 7⏎y \doteq 48
u = 7⏎y ＝ 48
u = 7⏎y：48
""",
)
def test_a_wrong_number_behind_another_sign_of_equality_does_not_pass(graph, line):
    report = report_on(graph, line)
    assert not report.agrees or any(each.startswith("line 2") for each in report.left_out), report.text


@lines(
    square=r"""
w ← w − η · dy/dw = 3 − 0.01 · 28 = 2.72
w := w - 0.01 * 28 = 2.72
w \leftarrow w - \eta \frac{dy}{dw} = 3 - 0.01 \cdot 28 = 2.72
w <- w - 0.01*28 = 2.72
""",
    course=r"""
w_5 \leftarrow w_5 - \alpha \frac{\partial E_{total}}{\partial w_5} = 0.45 - 0.5 \cdot 0.02592286 = 0.43703857
""",
)
def test_the_arrow_of_an_update_gives_the_number_after_it(graph, line):
    report = report_on(graph, line)
    assert report.agrees, report.text
    assert report.numbers[-1].name in ("w+", "w5+")
    assert report.left_out == []
    assert not report_on(graph, re.sub(r"(\d)$", lambda last: str((int(last[1]) + 5) % 10), line)).agrees


def test_signs_of_full_width_are_read():
    assert read_page("u ＝ 7，y：49。p ＝ （1＋2） ＝ 3；q＝ 4、r＝ 5") == {
        "u": "7",
        "y": "49",
        "p": "3",
        "q": "4",
        "r": "5",
    }


@lines(
    course="""
output o2 came out as 0.60944600
| o1 | 0.60944600 | 0.4 |⏎| o2 | 0.60944600 | 0.6 |
the derivative of E_total with respect to w6 came out as 0.02592286
"""
)
def test_a_number_on_a_line_that_names_another_is_not_told_right(graph, line):
    report = report_on(graph, line)
    assert len(report.numbers) == line.count("⏎")
    (left_out,) = report.left_out
    assert "is not sure: it has the digits of " in left_out


@lines(
    course="""
output o1 came out as 0.60944600
| o1 | 0.60944600 | 0.4 |
o1 and o2 come to 0.60944600 and 0.66384491
the derivative of E_total with respect to w5 came out as 0.02592286
w5 came out as 0.43703857
In the end it came out as 0.43703857
"""
)
def test_a_number_on_a_line_that_names_it_or_nothing_is_compared(graph, line):
    report = report_on(graph, line)
    assert report.agrees
    assert report.left_out == []


@lines(
    course="""
expected o1 = 0.4
the correct o1 = 0.4
final w5 = 0.1
neues w5 = 0.437
Ableitung w5 = 0.0259
Änderung w5 = -0.013
Ziel o1 = 0.4
Soll o1 = 0.4
목표값 o1 = 0.4
정답 o1 = 0.4
기울기 w5 = 0.0259
미분값 w5 = 0.0259
업데이트 후 w5 = 0.437
업데이트 후 E_total = 0.0232
now E_total = 0.0232
"""
)
def test_words_for_another_number_of_a_name_make_it_not_sure(graph, line):
    report = report_on(graph, line)
    assert report.numbers == []
    assert len(report.left_out) == 1


@lines(
    course="""
After one step: E_total = 0.02323634
Epoch 1: E_total = 0.02323634
E_total = 0.02323634 (after the update)
now E_total = 0.02323634
o1 = 0.60617688 (after the update)
학습 후 o1 = 0.60617688
"""
)
def test_a_number_said_to_be_after_the_update_is_compared_with_that(graph, line):
    report = report_on(graph, line)
    assert report.agrees
    assert [each.name for each in report.numbers] in (["E_total+"], ["o1+"])
    wrong = report_on(graph, line.replace("0.0", "0.1").replace("0.6", "0.7"))
    assert not wrong.agrees


@lines(course="E_total = 0.02323634\no1 = 0.60617688")
def test_without_such_words_it_is_wrong(graph, line):
    assert len(report_on(graph, line).parted) == 1
