/* The global minimum on the diabetes data, and its layers, with C and an exported file.
 *
 *     symderive export --language c --depth 2 --data diabetes.csv --target progression \
 *         --standardize --out exported/diabetes_c.c
 *     cc -std=c99 -O2 use_c.c exported/diabetes_c.c -lm -o use_c && ./use_c
 *
 * The exported file needs a C99 compiler alone; this takes a second.
 */
#include "exported/diabetes_c.h"

#include <stdio.h>

enum { D = 2, N = 32, FEATURES = SYMDERIVE_FEATURES };

int main(void)
{
    const size_t widths[D] = {N, N};
    const double sides[D] = {N, N}, noise[D] = {1.0 / 9.0, 1.0 / 9.0}; /* dropout of one tenth */
    const double decays[D + 1] = {0.01, 0.01, 0.01};
    const double decay = symderive_mean_decay(D, decays), rho = symderive_noise_factor(D, noise, sides);
    static double work[SYMDERIVE_WORK(FEATURES)], m[FEATURES], weights[N * FEATURES + N * N + N];
    symderive_point best;
    const int status = symderive_global_minimum(FEATURES, symderive_eigenvalues, symderive_squares,
                                                symderive_second_moment, decay, rho, D, work, &best);
    if (status != SYMDERIVE_OK) {
        fprintf(stderr, "%s\n", symderive_message(status));
        return 1;
    }
    printf("global minimum %.17g\n", best.loss);
    symderive_ridge_solution(FEATURES, symderive_eigenvalues, symderive_squares, best.ridge, rho, symderive_axes, m);
    symderive_layers(FEATURES, D, widths, decays, m, best.layer_decay, weights);
    printf("layers %zu numbers\n", symderive_layers_size(FEATURES, D, widths));
    return 0;
}
