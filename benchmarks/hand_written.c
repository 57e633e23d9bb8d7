/* What one writes by hand: Halley's method in ln(lambda) from the two ends of the range that can hold roots, three
 * steps each, whatever comes; then F - c.  No check of inputs, no scaling, no count, no proof, no norm, kappa, variance.
 *
 * Compiled with -ffast-math, so that log and exp become vector instructions of libmvec, but linked without it, which
 * would have the whole process flush to zero. */
#include <math.h>
#include <stddef.h>

enum { LANES = 32, MOST = 64 };

void hand_written(size_t n, size_t features, const double *a, const double *p, const double *mean_decay, double rho,
                  double depth, double *ridge, double *gap)
{
    const double theta = (depth + 1) / depth;
    double A[MOST][LANES], P[MOST][LANES];
    for (size_t first = 0; first + LANES <= n; first += LANES) {
        double s0[LANES] = {0}, inverse[LANES] = {0}, strength[LANES] = {0}, level[LANES], x[2][LANES];
        for (int k = 0; k < LANES; ++k)
            for (size_t i = 0; i < features; ++i) {
                A[i][k] = rho * a[(first + (size_t)k) * features + i];
                P[i][k] = p[(first + (size_t)k) * features + i];
            }
        for (size_t i = 0; i < features; ++i)
            for (int k = 0; k < LANES; ++k) {
                const double r = 1 / A[i][k], w = P[i][k] * r;
                strength[k] += P[i][k];
                inverse[k] += w;
                s0[k] += w * r;
            }
        for (int k = 0; k < LANES; ++k) {
            level[k] = theta * log(mean_decay[first + (size_t)k]);
            x[0][k] = exp(fmax((level[k] - log(s0[k])) / theta, depth * (level[k] - log(inverse[k] / 4))));
            x[1][k] = exp((log(strength[k]) - level[k]) / (2 - theta));
        }
        for (int root = 0; root < 2; ++root) {
            double u[LANES], rise[LANES] = {0};
            for (int k = 0; k < LANES; ++k) u[k] = log(x[root][k]);
            for (int step = 0; step < 3; ++step) {
                double s2[LANES] = {0}, s3[LANES] = {0}, s4[LANES] = {0};
                for (size_t i = 0; i < features; ++i)
                    for (int k = 0; k < LANES; ++k) {
                        const double r = 1 / (A[i][k] + x[root][k]), second = P[i][k] * r * r, third = second * r;
                        s2[k] += second;
                        s3[k] += third;
                        s4[k] += third * r;
                    }
                for (int k = 0; k < LANES; ++k) {
                    const double height = log(s2[k]) + theta * u[k] - level[k], mu = x[root][k] * s3[k] / s2[k];
                    const double mu2 = x[root][k] * x[root][k] * s4[k] / s2[k], slope = theta - 2 * mu;
                    const double bend = 6 * mu2 - 4 * mu * mu - 2 * mu;
                    u[k] -= 2 * height * slope / (2 * slope * slope - height * bend);
                    x[root][k] = exp(u[k]);
                }
            }
            for (size_t i = 0; i < features; ++i)
                for (int k = 0; k < LANES; ++k) {
                    const double r = 1 / (A[i][k] + x[root][k]);
                    rise[k] += P[i][k] * r * r * ((depth - 1) * x[root][k] - A[i][k]);
                }
            for (int k = 0; k < LANES; ++k) {
                ridge[2 * (first + (size_t)k) + (size_t)root] = x[root][k];
                gap[2 * (first + (size_t)k) + (size_t)root] = rise[k];
            }
        }
    }
}
