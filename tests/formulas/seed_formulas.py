"""The formulas of the four questions that this project began with, and what each is taken for."""

TANH_DELTA = [  # tanh at the output, (x - y)², the letters s, x, w of the lecture
    (
        r"$$ \frac{\partial \mathrm{e}(\mathbf{w})}{\partial w_{i j}^{(l)}}=\frac{\partial "
        r"\mathrm{e}(\mathbf{w})}{\partial s_j^{(l)}} \times \frac{\partial "
        r"s_j^{(l)}}{\partial w_{i j}^{(l)}} $$",
        "∂e(w)/∂w^(l)_{i,j} = ∂e(w)/∂s^(l)_{j} · ∂s^(l)_{j}/∂w^(l)_{i,j}",
    ),
    ("$s$", "s"),
    ("$w$", "w"),
    ("$x$", "x"),
    (
        r"$\frac{\partial s_j^{(l)}}{\partial w_{i j}^{(l)}}=x_i^{(l-1)}$",
        "∂s^(l)_{j}/∂w^(l)_{i,j} = x^(l - 1)_{i}",
    ),
    (
        r"$\frac{\partial \mathrm{e}(\mathrm{w})}{\partial s_j^{(l)}}=\delta_j^{(l)}$",
        "∂e(w)/∂s^(l)_{j} = delta^(l)_{j}",
    ),
    ("$l=L$", "l = L"),
    ("$j=1$", "j = 1"),
    (
        r"$\delta_1^{(L)}=\frac{\partial \mathrm{e}(\mathbf{w})}{\partial s_1^{(L)}}$",
        "delta^(L)_{1} = ∂e(w)/∂s^(L)_{1}",
    ),
    (r"$\mathrm{e}(\mathrm{w})=\left(x_1^{(L)}-y_n\right)^2$", "e(w) = (x^(L)_{1} - y_{n})^2"),
    (r"$x_1^{(L)}=\theta\left(s_1^{(L)}\right)$", "x^(L)_{1} = theta(s^(L)_{1})"),
    (r"$\theta$", "theta"),
    (r"$\theta^{\prime}(s)=1-\theta^2(s)$", "theta'(s) = 1 - theta^2(s)"),
    (r"$\delta_1^{(L)}$", "delta^(L)_{1}"),
    ("$x_1^L$", "x^L_{1}"),
    ("$e(w)$", "e(w)"),
    ("$s_1^L$", "s^L_{1}"),
    (
        r"$$ \begin{aligned} & \delta_1^{(L)}=\frac{\partial \mathrm{e}(\mathbf{w})}{\partial "
        r"s_1^{(L)}} \\ & = \frac{\partial(\theta(s_1^{(L)}) - y_n)^2}{\partial s_1^{(L)}} \\ "
        r"& = 2(\theta(s_1^{(L)}) - y_n)(\theta^{\prime}(s_1^{(L)})) \\ & = 2(x_1^{(L)} - "
        r"y_n)(\theta^{\prime}(s_1^{(L)})) \\ & = 2(x_1^{(L)} - y_n)(1 - \theta^2(s_1^{(L)})) "
        r"\\ & = 2(x_1^{(L)} - y_n)(1 - (x_1^{(L)})^2) \end{aligned} $$",
        "delta^(L)_{1} = ∂e(w)/∂s^(L)_{1} = ∂(theta(s^(L)_{1}) - y_{n})^2/∂s^(L)_{1} = 2 "
        "(theta(s^(L)_{1}) - y_{n}) (theta'(s^(L)_{1})) = 2 (x^(L)_{1} - y_{n}) "
        "(theta'(s^(L)_{1})) = 2 (x^(L)_{1} - y_{n}) (1 - theta^2(s^(L)_{1})) = 2 (x^(L)_{1} "
        "- y_{n}) (1 - (x^(L)_{1})^2)",
    ),
]

POSTED_CHAIN = [  # a chain of three derivatives, its backslashes lost on the way
    (
        "$hspace{5cm}$$frac{partial J}{partial w_{12}^{(2)}} = frac{partial J}{partial "
        "h_{1}^{(3)}} frac{partial h_{1}^{(3)}}{partial z_{1}^{(2)}} frac{partial "
        "z_{1}^{(2)}}{partial w_{12}^{(2)}}$",
        "∂J/∂w^(2)_{1,2} = ∂J/∂h^(3)_{1} ∂h^(3)_{1}/∂z^(2)_{1} ∂z^(2)_{1}/∂w^(2)_{1,2}",
    ),
    ("$J$", "J"),
    ("$w_{12}^{(2)}$", "w^(2)_{1,2}"),
    ("$h_{1}^{(3)}$", "h^(3)_{1}"),
    ("$z_{1}^{(2)}$", "z^(2)_{1}"),
    ("$J$ = $y_{true}^2$ - ${h_{1}^{(3)}}^2$", "J = y^2_{true} - h^(3)_{1}**2"),
    ("2*${h_{1}^{(3)}}$", "2 * h^(3)_{1}"),
    ("$h_{1}^{(3)}$ = $z_{1}^{(2)}$", "h^(3)_{1} = z^(2)_{1}"),
    ("$f(x)$", "f(x)"),
    ("$h_{1}^{(3)}$ = $f(z_{1}^{(2)})$", "h^(3)_{1} = f(z^(2)_{1})"),
    ("$Sigmoid = f(x)(1 - f(x))$", "Sigmoid = f(x) (1 - f(x))"),
    ("$f(z_{1}^{(2)})$(1 - $f(z_{1}^{(2)}))$", "f(z^(2)_{1}) (1 - f(z^(2)_{1}))"),
    (
        "$z_{1}^{(2)}$ = $h_{1}^{(2)}$ * $w_{11}^{(2)}$ + $h_{2}^{(2)}$ * $w_{12}^{(2)}$ + "
        "$h_{3}^{(2)}$ * $w_{13}^{(2)} + b$",
        "z^(2)_{1} = h^(2)_{1} * w^(2)_{1,1} + h^(2)_{2} * w^(2)_{1,2} + h^(2)_{3} * w^(2)_{1,3} + b",
    ),
    ("$h_{2}^{(2)}$", "h^(2)_{2}"),
]

MATRIX_FORMULA = [  # two hidden layers as matrix products
    ("$L$", "L"),
    ("$w_1$", "w_{1}"),
    (r"$\frac{\partial L}{\partial w_1}$", "∂L/∂w_{1}"),
    (
        r"$\frac{\partial L}{\partial w_1} = \frac{\partial L}{\partial f} \frac{\partial "
        r"f}{\partial w_1} = \frac{\partial L}{\partial f} \frac{\partial f}{\partial \sigma} "
        r"\frac{\partial \sigma}{\partial w_1}$",
        "∂L/∂w_{1} = ∂L/∂f ∂f/∂w_{1} = ∂L/∂f ∂f/∂sigma ∂sigma/∂w_{1}",
    ),
    ("$f$", "f"),
    (r"$\sigma$", "sigma"),
    (
        r"$\frac{\partial f}{\partial w^2_{i,j}} = \frac{\partial f}{\partial h^2_i} "
        r"\frac{\partial h^2_i}{\partial w^2_1}$",
        "∂f/∂w^2_{i,j} = ∂f/∂h^2_{i} ∂h^2_{i}/∂w^2_{1}",
    ),
    ("$f = h_1^2 w_{1,1}^3 + h_2^2 w_{2,1}^3$", "f = h^2_{1} w^3_{1,1} + h^2_{2} w^3_{2,1}"),
    (r"$\frac{\partial f}{\partial h^2_i} = w_{i, 1}^3$", "∂f/∂h^2_{i} = w^3_{i,1}"),
    (
        r"$\frac{\partial h^2_i}{\partial w^2_1} = \sigma(W^2h^1) (1 - \sigma(W^2h^1))$",
        "∂h^2_{i}/∂w^2_{1} = sigma(W^2 h^1) (1 - sigma(W^2 h^1))",
    ),
    ("$h_i^2$", "h^2_{i}"),
    (
        r"$\frac{\partial f}{\partial w^1_{i,j}} = \frac{\partial f}{\partial h^2_i} "
        r"\frac{\partial h^2_i}{\partial h^1_i} \frac{\partial h^1_i}{\partial w^1_{i,j}}$",
        "∂f/∂w^1_{i,j} = ∂f/∂h^2_{i} ∂h^2_{i}/∂h^1_{i} ∂h^1_{i}/∂w^1_{i,j}",
    ),
    (
        r"$f = \begin{bmatrix} w_{11}^3 & w_{21}^3 \end{bmatrix} \begin{bmatrix} h_{1}^2 \\ "
        r"h_{2}^2 \end{bmatrix} = \textbf{W}^3\textbf{h}^2$",
        "f = [[w^3_{1,1}, w^3_{2,1}]] [[h^2_{1}], [h^2_{2}]] = W^3 h^2",
    ),
    (
        r"$\textbf{h}^2 = \begin{bmatrix} h_{1}^2 \\ h_{2}^2 \end{bmatrix} = "
        r"\sigma(\begin{bmatrix} w_{11}^2 & w_{21}^2 \\ w_{21}^2 & w_{22}^2\end{bmatrix} "
        r"\begin{bmatrix} h_{1}^1 \\ h_{2}^1 \end{bmatrix}) = "
        r"\sigma(\textbf{W}^2\textbf{h}^1)$",
        "h^2 = [[h^2_{1}], [h^2_{2}]] = sigma([[w^2_{1,1}, w^2_{2,1}], [w^2_{2,1}, "
        "w^2_{2,2}]] [[h^1_{1}], [h^1_{2}]]) = sigma(W^2 h^1)",
    ),
    (
        r"$\textbf{h}^1 = \begin{bmatrix} h_{1}^1 \\ h_{2}^1 \end{bmatrix} = "
        r"\sigma(\begin{bmatrix} w_{11}^1 & w_{21}^1 \\ w_{21}^1 & w_{22}^1\end{bmatrix} "
        r"\begin{bmatrix} x_{1} \\ x_{2} \end{bmatrix}) = \sigma(\textbf{W}^1\textbf{X})$",
        "h^1 = [[h^1_{1}], [h^1_{2}]] = sigma([[w^1_{1,1}, w^1_{2,1}], [w^1_{2,1}, "
        "w^1_{2,2}]] [[x_{1}], [x_{2}]]) = sigma(W^1 X)",
    ),
    (
        r"$\frac{\partial f}{\partial \textbf{W}^1} = \frac{\partial f}{\partial "
        r"\textbf{h}^2} \frac{\partial \textbf{h}^2}{\partial \textbf{h}^1} \frac{\partial "
        r"\textbf{h}^1}{\partial \textbf{W}^1} = \textbf{W}^3 * "
        r"\sigma(\textbf{W}^2\textbf{h}^1)(1-\sigma(\textbf{W}^2\textbf{h}^1)) * "
        r"\sigma(\textbf{W}^1\textbf{X})(1-\sigma(\textbf{W}^1\textbf{X}))$",
        "∂f/∂W^1 = ∂f/∂h^2 ∂h^2/∂h^1 ∂h^1/∂W^1 = W^3 * sigma(W^2 h^1) (1 - sigma(W^2 h^1)) * "
        "sigma(W^1 X) (1 - sigma(W^1 X))",
    ),
]

FOUR_EQUATIONS = [  # the four fundamental equations on a 2-3-1 network
    (r"$\sigma$", "sigma"),
    (r"C = $\frac{1}{2}(a^3-y)^2$", "C = 1/2 (a^3 - y)^2"),
    ("$z^2_1=w^1_{11}x_1+w^1_{12}x_2+b_1$", "z^2_{1} = w^1_{1,1} x_{1} + w^1_{1,2} x_{2} + b_{1}"),
    ("$z^2_2=w^1_{21}x_1+w^1_{22}x_2+b_2$", "z^2_{2} = w^1_{2,1} x_{1} + w^1_{2,2} x_{2} + b_{2}"),
    ("$z^2_3=w^1_{31}x_1+w^1_{32}x_2+b_3$", "z^2_{3} = w^1_{3,1} x_{1} + w^1_{3,2} x_{2} + b_{3}"),
    (r"$a^2_1 =\sigma(z^2_1)$", "a^2_{1} = sigma(z^2_{1})"),
    (r"$a^2_2 =\sigma(z^2_2)$", "a^2_{2} = sigma(z^2_{2})"),
    (r"$a^2_3 =\sigma(z^2_3)$", "a^2_{3} = sigma(z^2_{3})"),
    (
        "$z^3_1=w^2_{11}a^2_1+w^2_{12}a^2_2+w^2_{13}a^2_3$",
        "z^3_{1} = w^2_{1,1} a^2_{1} + w^2_{1,2} a^2_{2} + w^2_{1,3} a^2_{3}",
    ),
    (r"$a^3=\sigma(z^3_1)$", "a^3 = sigma(z^3_{1})"),
    (r"$\frac{\partial C}{\partial w^2_{11}}$", "∂C/∂w^2_{1,1}"),
    (r"$a^1_1\delta^2_1$", "a^1_{1} delta^2_{1}"),
    (
        r"$\delta^2 = ((w^{2+1})^T\delta^{2+1})\odot\sigma'(z^2) $",
        "delta^2 = ((w^{2 + 1})^T delta^{2 + 1}) ⊙ sigma'(z^2)",
    ),
    ("$W^3$", "W^3"),
    (r"$\delta^2_1= \delta^{2+1}_1\odot\sigma'(z^2_1)$", "delta^2_{1} = delta^{2 + 1}_{1} ⊙ sigma'(z^2_{1})"),
    (
        r"$\delta^3_1 = \frac{\partial C}{\partial z^3_1} = (a^3-y)\sigma'(z^3_1)$",
        "delta^3_{1} = ∂C/∂z^3_{1} = (a^3 - y) sigma'(z^3_{1})",
    ),
    (
        r"$\frac{\partial C}{\partial w^2_{11}}= a^1_1*((a^3-y)\sigma'(z^3_1))*\sigma'(z^2_1) "
        "$",
        "∂C/∂w^2_{1,1} = a^1_{1} * ((a^3 - y) sigma'(z^3_{1})) * sigma'(z^2_{1})",
    ),
    ("$a^1_1$", "a^1_{1}"),
    ("$x_1?$", "x_{1}"),
    (
        r"$\frac{\partial }{\partial "
        r"w^2_{11}}\frac{1}{2}([\sigma(w^2_{11}a^2_1+w^2_{12}a^2_2+w^2_{13}a^2_3)]-y)^2=a^2_1(a^3_1-y)\sigma'(z^3_1)$",
        "∂/∂w^2_{1,1} 1/2 ([sigma(w^2_{1,1} a^2_{1} + w^2_{1,2} a^2_{2} + w^2_{1,3} "
        "a^2_{3})] - y)^2 = a^2_{1}(a^3_{1} - y) sigma'(z^3_{1})",
    ),
    ("$w^2$", "w^2"),
    ("$w^3$", "w^3"),
    (
        r"$\frac{\partial }{\partial w^3_{11}}=a^2_1(a^3_1-y)\sigma'(z^3_1)$",
        "∂/∂w^3_{1,1} = a^2_{1}(a^3_{1} - y) sigma'(z^3_{1})",
    ),
]
