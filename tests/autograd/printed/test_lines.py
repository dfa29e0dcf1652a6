"""Lines of course texts, blogs and lecture notes: none that is right is told wrong, and none that is wrong right."""

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


GRAPHS = {"square": square, "course": course, "logistic": logistic}


def report_on(graph, line):
    output, optimizer = graph()
    return compare(output, read_page(line.replace("⏎", "\n")), optimizer)


def lines(**texts):
    """A parameter set for each line of texts, with the graph whose name they have; ⏎ stands for a line's end."""
    found = [(GRAPHS[name], line) for name, text in texts.items() for line in text.strip("\n").split("\n")]
    return pytest.mark.parametrize(("graph", "line"), found, ids=[f"{graph.__name__}: {line}" for graph, line in found])


@lines(
    square=r"""
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
)
def test_a_right_line_is_read(graph, line):
    """Its numbers are found, and all agree."""
    report = report_on(graph, line)
    assert report.numbers
    assert report.agrees, report.text


@lines(
    square=r"""
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
y ∝ u
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
error at o1 = 0.02193381
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
)
def test_a_right_line_is_not_told_wrong(graph, line):
    """What is not sure may be left out, such as what 2u, ln(p) or the derivative of u is."""
    report = report_on(graph, line)
    assert not report.parted, report.text
    assert not report.calculations, report.text
    assert report.numbers or report.left_out or "=" not in line


@lines(
    square=r"""
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
""",
)
def test_a_wrong_line_is_not_told_right(graph, line):
    """It is told wrong, or not compared."""
    report = report_on(graph, line)
    assert not report.agrees or report.left_out, report.text
