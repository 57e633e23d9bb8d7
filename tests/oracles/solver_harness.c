/* Reads instances from standard input and prints what the exported file beside it finds, as hexadecimal floats. */
#define _POSIX_C_SOURCE 200809L
#include "solver.c"

#include <stdio.h>
#include <stdlib.h>

static double number(void)
{
    double value;
    if (scanf("%lf", &value) != 1) exit(3);
    return value;
}

int main(void)
{
    double size;
    while (scanf("%lf", &size) == 1) {
        const size_t d = (size_t)size, capacity = 2 * d;
        double *a = malloc((d + 1) * sizeof *a), *p = malloc((d + 1) * sizeof *p), *work = malloc((SYMDERIVE_WORK(d) + 1) * sizeof *work);
        symderive_point *points = malloc((capacity + 1) * sizeof *points), minimum;
        size_t count;
        ptrdiff_t best;
        int status;
        for (size_t i = 0; i < d; ++i) a[i] = number();
        for (size_t i = 0; i < d; ++i) p[i] = number();
        const double c = number(), decay = number(), rho = number(), depth = number();
        symderive_stationary_points_batch(1, d, a, p, d, &c, &decay, &rho, &depth, work, capacity, points, &count, &best,
                                          &status);
        symderive_global_minimum(d, a, p, c, decay, rho, depth, work, &minimum);
        printf("%d %zu %td %a %a %s\n", status, count, best, minimum.ridge, minimum.loss, symderive_message(status));
        for (size_t k = 0; k < count; ++k)
            printf("%a %a %a %a %a %a %a %d\n", points[k].ridge, points[k].loss, points[k].gap, points[k].norm,
                   points[k].layer_decay, points[k].variance, points[k].slope, points[k].kind);
        free(a), free(p), free(work), free(points);
    }
    return 0;
}
