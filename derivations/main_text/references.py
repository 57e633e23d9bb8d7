"""The works that the paper cites, as BibTeX by key."""

REFERENCES: tuple[tuple[str, str], ...] = (
    (
        "ziyin2022",
        r"""@inproceedings{ziyin2022,
  author = {Liu Ziyin and Botao Li and Xiangming Meng},
  title = {Exact Solutions of a Deep Linear Network},
  booktitle = {Advances in Neural Information Processing Systems},
  volume = {35},
  year = {2022},
  note = {arXiv:2202.04777}
}""",
    ),
    (
        "baldi1989",
        r"""@article{baldi1989,
  author = {Pierre Baldi and Kurt Hornik},
  title = {Neural Networks and Principal Component Analysis: Learning from Examples without Local Minima},
  journal = {Neural Networks},
  volume = {2},
  pages = {53--58},
  year = {1989}
}""",
    ),
    (
        "saxe2014",
        r"""@inproceedings{saxe2014,
  author = {Andrew M. Saxe and James L. McClelland and Surya Ganguli},
  title = {Exact Solutions to the Nonlinear Dynamics of Learning in Deep Linear Neural Networks},
  booktitle = {International Conference on Learning Representations},
  year = {2014},
  note = {arXiv:1312.6120}
}""",
    ),
    (
        "kawaguchi2016",
        r"""@inproceedings{kawaguchi2016,
  author = {Kenji Kawaguchi},
  title = {Deep Learning without Poor Local Minima},
  booktitle = {Advances in Neural Information Processing Systems},
  volume = {29},
  pages = {586--594},
  year = {2016}
}""",
    ),
    (
        "laurent2018",
        r"""@inproceedings{laurent2018,
  author = {Thomas Laurent and James von Brecht},
  title = {Deep Linear Networks with Arbitrary Loss: All Local Minima Are Global},
  booktitle = {International Conference on Machine Learning},
  pages = {2902--2907},
  year = {2018}
}""",
    ),
    (
        "arora2018",
        r"""@inproceedings{arora2018,
  author = {Sanjeev Arora and Nadav Cohen and Elad Hazan},
  title = {On the Optimization of Deep Networks: Implicit Acceleration by Overparameterization},
  booktitle = {International Conference on Machine Learning},
  pages = {244--253},
  year = {2018}
}""",
    ),
    (
        "arora2019",
        r"""@inproceedings{arora2019,
  author = {Sanjeev Arora and Nadav Cohen and Wei Hu and Yuping Luo},
  title = {Implicit Regularization in Deep Matrix Factorization},
  booktitle = {Advances in Neural Information Processing Systems},
  volume = {32},
  year = {2019}
}""",
    ),
    (
        "kunin2019",
        r"""@inproceedings{kunin2019,
  author = {Daniel Kunin and Jonathan M. Bloom and Aleksandrina Goeva and Cotton Seed},
  title = {Loss Landscapes of Regularized Linear Autoencoders},
  booktitle = {International Conference on Machine Learning},
  year = {2019},
  note = {arXiv:1901.08168}
}""",
    ),
    (
        "srivastava2014",
        r"""@article{srivastava2014,
  author = {Nitish Srivastava and Geoffrey Hinton and Alex Krizhevsky and Ilya Sutskever and
    Ruslan Salakhutdinov},
  title = {Dropout: A Simple Way to Prevent Neural Networks from Overfitting},
  journal = {Journal of Machine Learning Research},
  volume = {15},
  pages = {1929--1958},
  year = {2014}
}""",
    ),
    (
        "cavazza2018",
        r"""@inproceedings{cavazza2018,
  author = {Jacopo Cavazza and Pietro Morerio and Benjamin Haeffele and Connor Lane and Vittorio Murino and
    Ren\'e Vidal},
  title = {Dropout as a Low-Rank Regularizer for Matrix Factorization},
  booktitle = {International Conference on Artificial Intelligence and Statistics},
  pages = {435--444},
  year = {2018},
  note = {arXiv:1710.05092}
}""",
    ),
    (
        "mianjy2018",
        r"""@inproceedings{mianjy2018,
  author = {Poorya Mianjy and Raman Arora and Ren\'e Vidal},
  title = {On the Implicit Bias of Dropout},
  booktitle = {International Conference on Machine Learning},
  year = {2018},
  note = {arXiv:1806.09777}
}""",
    ),
    (
        "mianjy2019",
        r"""@inproceedings{mianjy2019,
  author = {Poorya Mianjy and Raman Arora},
  title = {On Dropout and Nuclear Norm Regularization},
  booktitle = {International Conference on Machine Learning},
  year = {2019},
  note = {arXiv:1905.11887}
}""",
    ),
    (
        "ueda2022",
        r"""@misc{ueda2022,
  author = {Liu Ziyin and Masahito Ueda},
  title = {Exact Phase Transitions in Deep Learning},
  year = {2022},
  note = {arXiv:2205.12510}
}""",
    ),
    (
        "wang2022",
        r"""@inproceedings{wang2022,
  author = {Zihao Wang and Liu Ziyin},
  title = {Posterior Collapse of a Linear Latent Variable Model},
  booktitle = {Advances in Neural Information Processing Systems},
  volume = {35},
  year = {2022},
  note = {arXiv:2205.04009}
}""",
    ),
    (
        "chen2025error",
        r"""@misc{chen2025error,
  author = {Po Chen and Rujun Jiang and Peng Wang},
  title = {Error Bound Analysis for the Regularized Loss of Deep Linear Neural Networks},
  year = {2025},
  note = {arXiv:2502.11152}
}""",
    ),
    (
        "chen2025landscape",
        r"""@misc{chen2025landscape,
  author = {Po Chen and Rujun Jiang and Peng Wang},
  title = {A Complete Loss Landscape Analysis of Regularized Deep Matrix Factorization},
  year = {2025},
  note = {arXiv:2506.20344}
}""",
    ),
    (
        "bharadwaj2023",
        r"""@misc{bharadwaj2023,
  author = {Ayush Bharadwaj and Serkan Ho\c{s}ten},
  title = {Complex Critical Points of Deep Linear Neural Networks},
  year = {2023},
  note = {arXiv:2301.12651}
}""",
    ),
    (
        "xu2012",
        r"""@article{xu2012,
  author = {Zongben Xu and Xiangyu Chang and Fengmin Xu and Hai Zhang},
  title = {{$L_{1/2}$} Regularization: A Thresholding Representation Theory and a Fast Solver},
  journal = {IEEE Transactions on Neural Networks and Learning Systems},
  volume = {23},
  pages = {1013--1027},
  year = {2012}
}""",
    ),
    (
        "cao2013",
        r"""@article{cao2013,
  author = {Wenfei Cao and Jian Sun and Zongben Xu},
  title = {Fast Image Deconvolution Using Closed-Form Thresholding Formulas of {$L_q$} ({$q = 1/2$, $2/3$})
    Regularization},
  journal = {Journal of Visual Communication and Image Representation},
  volume = {24},
  pages = {31--41},
  year = {2013}
}""",
    ),
    (
        "marjanovic2012",
        r"""@article{marjanovic2012,
  author = {Goran Marjanovic and Victor Solo},
  title = {On {$\ell_q$} Optimization and Matrix Completion},
  journal = {IEEE Transactions on Signal Processing},
  volume = {60},
  pages = {5714--5724},
  year = {2012}
}""",
    ),
    (
        "hoff2017",
        r"""@article{hoff2017,
  author = {Peter D. Hoff},
  title = {Lasso, Fractional Norm and Structured Sparse Estimation Using a {Hadamard} Product
    Parametrization},
  journal = {Computational Statistics and Data Analysis},
  volume = {115},
  pages = {186--198},
  year = {2017},
  note = {arXiv:1611.00040}
}""",
    ),
    (
        "shang2016",
        r"""@misc{shang2016,
  author = {Fanhua Shang and Yuanyuan Liu and James Cheng},
  title = {Unified Scalable Equivalent Formulations for {Schatten} Quasi-Norms},
  year = {2016},
  note = {arXiv:1606.00668}
}""",
    ),
    (
        "davis2020",
        r"""@article{davis2020,
  author = {Damek Davis and Dmitriy Drusvyatskiy and Sham Kakade and Jason D. Lee},
  title = {Stochastic Subgradient Method Converges on Tame Functions},
  journal = {Foundations of Computational Mathematics},
  volume = {20},
  pages = {119--154},
  year = {2020}
}""",
    ),
    (
        "graham1994",
        r"""@book{graham1994,
  author = {Ronald L. Graham and Donald E. Knuth and Oren Patashnik},
  title = {Concrete Mathematics},
  publisher = {Addison-Wesley},
  year = {1994},
  note = {Second edition}
}""",
    ),
    (
        "sympy2017",
        r"""@article{sympy2017,
  author = {Aaron Meurer and Christopher P. Smith and Mateusz Paprocki and others},
  title = {{SymPy}: Symbolic Computing in {Python}},
  journal = {PeerJ Computer Science},
  volume = {3},
  pages = {e103},
  year = {2017}
}""",
    ),
    (
        "johansson2017",
        r"""@article{johansson2017,
  author = {Fredrik Johansson},
  title = {Arb: Efficient Arbitrary-Precision Midpoint-Radius Interval Arithmetic},
  journal = {IEEE Transactions on Computers},
  volume = {66},
  pages = {1281--1292},
  year = {2017}
}""",
    ),
    (
        "wan2013",
        r"""@inproceedings{wan2013,
  author = {Li Wan and Matthew Zeiler and Sixin Zhang and Yann LeCun and Rob Fergus},
  title = {Regularization of Neural Networks using DropConnect},
  booktitle = {International Conference on Machine Learning},
  pages = {1058--1066},
  year = {2013}
}""",
    ),
    (
        "tompson2015",
        r"""@inproceedings{tompson2015,
  author = {Jonathan Tompson and Ross Goroshin and Arjun Jain and Yann LeCun and Christoph Bregler},
  title = {Efficient Object Localization Using Convolutional Networks},
  booktitle = {IEEE Conference on Computer Vision and Pattern Recognition},
  pages = {648--656},
  year = {2015}
}""",
    ),
    (
        "bishop1995",
        r"""@article{bishop1995,
  author = {Chris M. Bishop},
  title = {Training with Noise is Equivalent to {Tikhonov} Regularization},
  journal = {Neural Computation},
  volume = {7},
  number = {1},
  pages = {108--116},
  year = {1995}
}""",
    ),
)
