namespace MuJoCo;

/// <content>Jacobians and the inertia matrix. All matrices are dense and row-major.</content>
/// <remarks>
/// A Jacobian maps <see cref="Qvel"/> to the velocity of a point (<c>jacp</c>, m/s) and of the frame it is on
/// (<c>jacr</c>, rad/s), in world axes: 3 × nv each. Either may be empty when it is not wanted.
/// They are those of the last <see cref="Kinematics"/> with <see cref="ComPos"/>, or of any call that includes them.
/// </remarks>
public sealed unsafe partial class MjData
{
    /// <summary>Jacobian of a site.</summary>
    public void JacSite(int site, Span<double> jacp, Span<double> jacr)
    {
        CheckJacobian(site, Sizes->nsite, nameof(site), jacp, jacr);
        fixed (double* p = jacp, r = jacr)
            MjNative.mj_jacSite(Sizes, _handle, p, r, site);
    }

    /// <summary>Jacobian of a body's frame.</summary>
    public void JacBody(int body, Span<double> jacp, Span<double> jacr)
    {
        CheckJacobian(body, Sizes->nbody, nameof(body), jacp, jacr);
        fixed (double* p = jacp, r = jacr)
            MjNative.mj_jacBody(Sizes, _handle, p, r, body);
    }

    /// <summary>Jacobian of a body's centre of mass.</summary>
    public void JacBodyCom(int body, Span<double> jacp, Span<double> jacr)
    {
        CheckJacobian(body, Sizes->nbody, nameof(body), jacp, jacr);
        fixed (double* p = jacp, r = jacr)
            MjNative.mj_jacBodyCom(Sizes, _handle, p, r, body);
    }

    /// <summary>Jacobian of a geom.</summary>
    public void JacGeom(int geom, Span<double> jacp, Span<double> jacr)
    {
        CheckJacobian(geom, Sizes->ngeom, nameof(geom), jacp, jacr);
        fixed (double* p = jacp, r = jacr)
            MjNative.mj_jacGeom(Sizes, _handle, p, r, geom);
    }

    /// <summary>Jacobian of a point that moves with a body.</summary>
    /// <param name="point">The point in the world, m, 3.</param>
    /// <param name="body">The body that it is fixed to.</param>
    /// <param name="jacp">Receives 3 × nv, or empty.</param>
    /// <param name="jacr">Receives 3 × nv, or empty.</param>
    public void JacPoint(ReadOnlySpan<double> point, int body, Span<double> jacp, Span<double> jacr)
    {
        CheckLength(point.Length, 3, nameof(point));
        CheckJacobian(body, Sizes->nbody, nameof(body), jacp, jacr);
        fixed (double* at = point, p = jacp, r = jacr)
            MjNative.mj_jac(Sizes, _handle, p, r, at, body);
    }

    /// <summary>The inertia matrix M.</summary>
    /// <param name="matrix">Receives nv × nv.</param>
    public void FullMassMatrix(Span<double> matrix)
    {
        CheckLength(matrix.Length, Sizes->nv * Sizes->nv, nameof(matrix));
        fixed (double* to = matrix)
            MjNative.mj_fullM(Sizes, to, Native->qM);
        GC.KeepAlive(this);
    }

    /// <summary>M · <paramref name="vector"/>.</summary>
    /// <param name="result">Receives nv elements; not the vector's memory.</param>
    /// <param name="vector">nv elements.</param>
    public void MulM(Span<double> result, ReadOnlySpan<double> vector)
    {
        CheckLength(result.Length, Sizes->nv, nameof(result));
        CheckLength(vector.Length, Sizes->nv, nameof(vector));
        if (result.Overlaps(vector))
            throw new ArgumentException("shares memory with the vector", nameof(result));
        fixed (double* to = result, from = vector)
            MjNative.mj_mulM(Sizes, _handle, to, from);
    }

    /// <summary>M⁻¹ · <paramref name="vectors"/>, with the factors of the last <see cref="FactorM"/> or step.</summary>
    /// <param name="result">Receives as many elements as there are in <paramref name="vectors"/>; may be the same memory.</param>
    /// <param name="vectors">Vectors of nv elements, one after the other.</param>
    public void SolveM(Span<double> result, ReadOnlySpan<double> vectors)
    {
        int nv = Sizes->nv;
        CheckLength(result.Length, vectors.Length, nameof(result));
        if (vectors.IsEmpty)
            return;
        if (nv == 0 || vectors.Length % nv != 0)
            throw new ArgumentException($"has {vectors.Length} elements, a multiple of nv = {nv} is needed", nameof(vectors));
        vectors.CopyTo(result);
        fixed (double* to = result)
            MjNative.mj_solveM(Sizes, _handle, to, to, vectors.Length / nv);
    }

    private void CheckJacobian(int id, int count, string idName, Span<double> jacp, Span<double> jacr)
    {
        CheckId(id, count, idName);
        int length = 3 * Sizes->nv;
        if (!jacp.IsEmpty)
            CheckLength(jacp.Length, length, nameof(jacp));
        if (!jacr.IsEmpty)
            CheckLength(jacr.Length, length, nameof(jacr));
    }
}
