# The global minimum on the diabetes data, and along a path of decays, with Julia and an exported file.
#
#     symderive export --language julia --data diabetes.csv --target progression --standardize \
#         --out exported/diabetes_julia.jl
#     julia use_julia.jl
#
# The exported file needs Julia alone; this takes some seconds.
include(joinpath(@__DIR__, "exported", "diabetes_julia.jl"))
using .SymderiveSolver

widths, decays, noise = [32, 32], [0.01, 0.01, 0.01], [1 / 9, 1 / 9]  # dropout of one tenth
decay, rho = mean_decay(decays), noise_factor(noise, widths)

best = global_minimum(; mean_decay=decay, noise_factor=rho, depth=2)
println("global minimum ", best.loss)

m = ridge_solution(best.ridge; noise_factor=rho)
println("layers ", join(map(size, layers(m, best.layer_decay, decays, widths)), " "))

data = (SymderiveSolver.EIGENVALUES, SymderiveSolver.SQUARES)
path = exp.(range(log(1e-3), log(1e4); length=10_000))
along = global_minimum(data..., fill(SymderiveSolver.SECOND_MOMENT, 10_000); mean_decay=path, noise_factor=rho, depth=2)
println("the minimum is 0 from a decay of ", path[findfirst(point -> isinf(point.ridge), along)], " on")
