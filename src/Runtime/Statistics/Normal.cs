namespace Legato.Runtime.Statistics;

/// <summary>The standard normal distribution. Stateless.</summary>
internal static class Normal
{
    /// <summary>Probability of a value below <paramref name="z"/>, to 1e-10 (Abramowitz and Stegun, 26.2.10 near 0 and 26.2.14 further out).</summary>
    public static double Cumulative(double z)
    {
        double x = Math.Abs(z), tail;
        if (x < 4)
        {
            double term = x, sum = x;
            for (int k = 1; Math.Abs(term) > 1e-17; k++)
            {
                term *= -x * x * ((2 * k) - 1) / (2 * k * ((2 * k) + 1));
                sum += term;
            }
            tail = 0.5 - (sum / Math.Sqrt(2 * Math.PI));
        }
        else
        {
            double fraction = x;
            for (int k = 40; k >= 1; k--)
                fraction = x + (k / fraction);
            tail = Math.Exp(-x * x / 2) / (fraction * Math.Sqrt(2 * Math.PI));
        }
        return z < 0 ? tail : 1 - tail;
    }

    /// <summary>The value below which one lies with a probability of 0..1, both excluded.</summary>
    public static double Quantile(double probability)
    {
        double low = -10, high = 10;
        for (int i = 0; i < 60; i++)
        {
            double middle = (low + high) / 2;
            (low, high) = Cumulative(middle) < probability ? (middle, high) : (low, middle);
        }
        return (low + high) / 2;
    }
}
