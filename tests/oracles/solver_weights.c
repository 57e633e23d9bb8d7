/* Rebuilds the weights of a minimum from a file with data, and prints what its test compares. */
#include "solver.c"
#include <stdio.h>
int main(void)
{
    enum { D = 2 };
    const size_t widths[D] = {5, 7};
    const double decays[D + 1] = {0.01, 0.02, 0.04}, noise[D] = {0.5, 0.25}, sides[D] = {5, 7};
    const double rho = symderive_noise_factor(D, noise, sides), decay = symderive_mean_decay(D, decays);
    double work[SYMDERIVE_WORK(SYMDERIVE_FEATURES)], m[SYMDERIVE_FEATURES], A[SYMDERIVE_FEATURES * SYMDERIVE_FEATURES] = {0};
    double v[SYMDERIVE_FEATURES] = {0}, weights[92], more[220], q, spinodal, transition;
    symderive_point least, few[1];
    size_t count;
    ptrdiff_t best;
    for (size_t i = 0; i < SYMDERIVE_FEATURES; ++i)
        for (size_t j = 0; j < SYMDERIVE_FEATURES; ++j)
            for (size_t k = 0; k < SYMDERIVE_FEATURES; ++k)
                A[i * SYMDERIVE_FEATURES + j] += symderive_axes[i * SYMDERIVE_FEATURES + k]
                    * symderive_eigenvalues[k] * symderive_axes[j * SYMDERIVE_FEATURES + k];
    for (size_t i = 0; i < SYMDERIVE_FEATURES; ++i)
        for (size_t k = 0; k < SYMDERIVE_FEATURES; ++k)
            v[i] += symderive_axes[i * SYMDERIVE_FEATURES + k] * sqrt(symderive_squares[k]);
    symderive_global_minimum(SYMDERIVE_FEATURES, symderive_eigenvalues, symderive_squares, symderive_second_moment,
                             decay, rho, D, work, &least);
    symderive_ridge_solution(SYMDERIVE_FEATURES, symderive_eigenvalues, symderive_squares, least.ridge, rho,
                             symderive_axes, m);
    symderive_layers(SYMDERIVE_FEATURES, D, widths, decays, m, least.layer_decay, weights);
    printf("%zu %zu\n", symderive_layers_size(SYMDERIVE_FEATURES, D, widths),
           symderive_loss_work(SYMDERIVE_FEATURES, D, widths));
    printf("%.17g %.17g\n", least.loss, symderive_loss(SYMDERIVE_FEATURES, D, widths, weights, A, v,
                                                     symderive_second_moment, decays, noise, more));
    weights[60] *= 1.001;
    printf("%.17g %.17g\n", symderive_loss(SYMDERIVE_FEATURES, D, widths, weights, A, v, symderive_second_moment,
                                         decays, noise, more), symderive_prediction_variance(3.0, rho) / (rho - 1.0));
    symderive_isotropic_decay(1.0, 1.0, 0.3, 1.0, 2.0, &q, &spinodal, &transition);
    printf("%.17g %.17g\n", q, spinodal);
    printf("%.17g %d\n", transition,
           symderive_stationary_points(SYMDERIVE_FEATURES, symderive_eigenvalues, symderive_squares,
                                       symderive_second_moment, decay, rho, D, work, 1, few, &count, &best));
    return 0;
}
