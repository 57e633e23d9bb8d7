r"""Displays that a paper on deep linear networks prints, in the language of displays.

Some are spelled as authors spell, some as they are printed.
"""

#: Names that take arguments in the corpus.
FUNCTIONS = ("L", "F", "G", "H", "R", "f", r"\varphi", r"\mathcal{B}", r"\mathrm{sp}")

CORPUS = (
    # Averaging over the noise
    r"L(W, U) := \mathbb{E}_{x} \mathbb{E}_{\epsilon} (f(x) - y)^{2} + \gamma_{u} \lVert U \rVert^{2} "
    r"+ \sum_{i=1}^{D} \gamma_{i} \lVert W_{i} \rVert_{F}^{2}",
    r"\mathbb E_x\mathbb E_\epsilon\,(f(x)-y)^2 = U M_D U^\top - 2\,U T_D v + c .",
    r"M_0=A,\quad S_i=W_iM_{i-1}W_i^\top,\quad M_i=S_i+\sigma_i^2\operatorname{Diag}(S_i).",
    r"T_{0} = I,\quad T_{i} = W_{i} T_{i-1}",
    r"M_D\succeq\rho\,T_D A T_D^\top,\qquad \rho=\prod_{i=1}^D\Bigl(1+\frac{\sigma_i^2}{d_i}\Bigr).",
    r"n \operatorname{Diag}(Q) \succeq Q",
    r"U M_{D} U^{\top} \ge \rho m^{\top} A m",
    r"\lVert m\rVert \le \lVert U\rVert \prod_{i=1}^{D} \lVert W_{i}\rVert_{F}",
    r"\gamma_{u} \lVert U\rVert^{2} + \sum_{i=1}^{D} \gamma_{i} \lVert W_{i}\rVert_{F}^{2} "
    r"\ge (D + 1) \bar{\gamma} \lVert m\rVert^{2/(D+1)}",
    r"\bar{\gamma} := \Bigl(\gamma_{u} \prod_{i=1}^{D} \gamma_{i}\Bigr)^{1/(D+1)},\quad "
    r"\tau := \Bigl(\gamma_{u} \prod_{i=1}^{D} \gamma_{i}\Bigr)^{1/D},\quad t := \frac{2 D}{D + 1}",
    # The global minimum
    r"L(W,U)\ge F(m):=\rho\,m^\top\!Am-2v^\top m+c+(D+1)\bar\gamma\,\|m\|^{2/(D+1)},\quad m=(UT_D)^\top,",
    r"W_i=\sqrt{\kappa/\gamma_i}\,e_ie_{i-1}^\top,\quad U=\sqrt{\kappa/\gamma_u}\,e_D^\top,"
    r"\quad e_0=m/\|m\|,\quad e_i\in\{\pm d_i^{-1/2}\}^{d_i},\quad \kappa=\bar\gamma\|m\|^{2/(D+1)}",
    r"\min_{W, U} L(W, U) = \min_{m} F(m)",
    r"\gamma_{u} \lVert U\rVert^{2} = \gamma_{i} \lVert W_{i}\rVert_{F}^{2} = \kappa",
    # Effective ridge and dual
    r"\nabla F(m)=0,\quad m\ne0 \iff m=(\rho A+\lambda I)^{-1}v,\quad \varphi(\lambda)=\tau",
    r"\varphi(\lambda):=\lambda^{(D+1)/D}\,\|(\rho A+\lambda I)^{-1}v\|^2=\tau .",
    r"F(m)=c-v^\top m+D\lambda\|m\|^2",
    r"\min_m F(m)=\inf_{\lambda>0}\bigl\{c-v^\top(\rho A+\lambda I)^{-1}v+D\tau\lambda^{-1/D}\bigr\}.",
    r"G(\lambda) := c - v^{\top} (\rho A + \lambda I)^{-1} v + D \tau \lambda^{-1/D}",
    r"G'(\lambda) = \lambda^{-(D+1)/D} (\varphi(\lambda) - \tau)",
    r"R_{k}(\lambda) := v^{\top} (\rho A + \lambda I)^{-k} v",
    r"\kappa = \lambda \lVert m\rVert^{2},\quad \lVert m\rVert^{2} = \tau \lambda^{-(D+1)/D}",
    r"\lambda^{D+1} (v^{\top} \operatorname{Diag}(p)^{2} v)^{D} = \det(\rho A + \lambda I)^{2 D} "
    r"\prod_{i=1}^{D} \gamma_{i}",
    r"\frac{\partial F}{\partial \gamma_{i}} = \lVert W_{i}\rVert_{F}^{2} = \frac{\kappa}{\gamma_{i}},"
    r"\quad \frac{\partial F}{\partial \rho} = m^{\top} A m",
    r"H(u) := \ln R_{2}(\exp(u)) + \frac{D+1}{D} u,\quad -\frac{1}{2} \le H''(u) \le 1",
    r"\theta h - 2 [\mathrm{sp}(\ell + h) - \mathrm{sp}(\ell)] \le H(u + h) - H(u)",
    # The seed paper, two layers
    r"U=br^\top,\quad W=b\,r\,v^\top\bigl[b^2(\sigma^2+d)A+\gamma_w I\bigr]^{-1},\quad r\in\{\pm1\}^d",
    r"\bigl\|[b^2(\sigma^2+d)A+\gamma_wI]^{-1}v\bigr\|^2=\gamma_u/\gamma_w",
    r"b \ne 0 \iff \|v\|^2>\gamma_u\gamma_w",
    # The origin
    r"\nabla^2L(0)=2\begin{pmatrix} \gamma_{1} I & 0 \\ 0 & \gamma_{u} I \end{pmatrix}\succ0",
    r"\nabla^{2} L(0) = 2 \Bigl(\bigoplus_{i=1}^{D} \gamma_{i} I \oplus \gamma_{u} I\Bigr) \succ 0",
    r"(D+1)\bar\gamma\Bigl(\tfrac{\|v\|^3}{\rho\,v^\top\!Av}\Bigr)^{2/(D+1)}"
    r"<\frac{\|v\|^4}{\rho\,v^\top\!Av}",
    # Variance
    r"\mathbb E_x\operatorname{Var}_\epsilon f(x)=(\rho-1)\,m^\top\!Am"
    r"\le\frac{\rho-1}{\rho^2}\,v^\top\!A^+v",
    r"\frac{\rho - 1}{\rho^{2}} \le \sum_{i=1}^{D} \frac{\sigma_{i}^{2}}{d_{i}},\quad "
    r"\frac{\rho - 1}{\rho^{2}} \le \prod_{i=1}^{D} \frac{d_{i}}{\sigma_{i}^{2}},\quad "
    r"\frac{\rho - 1}{\rho^{2}} \le \frac{1}{1+\sum_{i=1}^{D} \sigma_{i}^{2}/d_{i}}",
    r"\lim_{\rho \to \infty} \mathbb{E}_{x} \operatorname{Var}_{\epsilon} f(x) = 0",
    # Isotropic data
    r"\zeta=\sum_{k\ge1}\frac1{tk+1}\binom{tk+1}{k}q^k,\qquad 0\le q\le q_{\mathrm{sp}}.",
    r"\zeta = q (1 + \zeta)^{t},\quad q := \frac{\bar{\gamma} (\rho a)^{(D-1)/(D+1)}}{\lVert v\rVert^{t}}",
    r"\gamma_u\prod_{i=1}^D\gamma_i\le\frac{(D-1)^{D-1}}{D^{2D}}\frac{\|v\|^{2D}}{(\rho a)^{D-1}}",
    r"\gamma_u\prod_{i=1}^D\gamma_i\le"
    r"\frac{(D+1)^{D+1}(D-1)^{D-1}}{(2D)^{2D}}\frac{\|v\|^{2D}}{(\rho a)^{D-1}}",
    r"F(m) = c - \frac{\lVert v\rVert^{2}}{\rho a} \frac{1 - (D-1) \zeta}{(1 + \zeta)^{2}}",
    # Hessian
    r"\nabla^{2} L(W, U) \cong H_{0} \oplus \bigoplus_{i=1}^{D} H_{i} \otimes I_{d_{i} - 1}",
    r"H_{0} = 2 \Gamma^{1/2} \begin{pmatrix} I + R & (R - I) e_{0} \mathbf{1}^{\top} \\ "
    r"\mathbf{1} e_{0}^{\top} (R - I) & 2 I + (\chi - 1) \mathbf{1} \mathbf{1}^{\top} \end{pmatrix} "
    r"\Gamma^{1/2}",
    r"H_{i} = 2 \Gamma_{i}^{1/2} \begin{pmatrix} I + \nu_{i} R_{i} & -(I - \nu_{i} R_{i}) e_{i-1} \\ "
    r"-e_{i-1}^{\top} (I - \nu_{i} R_{i}) & 1 + \nu_{i} e_{i-1}^{\top} R_{i} e_{i-1} \end{pmatrix} "
    r"\Gamma_{i}^{1/2}",
    r"\nu_{i} := \frac{\sigma_{i}^{2}}{d_{i} + \sigma_{i}^{2}},\quad R := \frac{\rho}{\lambda} A,\quad "
    r"\chi := e_{0}^{\top} R e_{0}",
    r"\nabla^{2} F(m) = 2 (\rho A + \lambda I - t \lambda \hat{m} \hat{m}^{\top})",
    # Several outputs
    r"\min_{W, U} L(W, U)=c+\sum_{p=1}^{r}\min_{z\ge0}\bigl\{az^2-2s_pz+(D+1)\bar\gamma z^{2/(D+1)}\bigr\}",
    r"V = P S R^{\top},\quad \tau = \operatorname{tr}(M A M^{\top}) - 2 \operatorname{tr}(M V^{\top}) + c",
)
