using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Modules;

/// <summary>Scaled dot-product attention with several heads, Vaswani et al. 2017. Sequences are [L, N, E].</summary>
public sealed class MultiheadAttention : nn.Module<Tensor, Tensor, Tensor, Tensor?, bool, Tensor?, Tuple<Tensor, Tensor?>>
{
    private readonly long _heads;
    private readonly double _dropout;

    internal MultiheadAttention(long embedded_dim, long num_heads, double dropout, bool bias)
        : base(nameof(MultiheadAttention))
    {
        if (embedded_dim % num_heads != 0)
            throw new ArgumentException($"{embedded_dim} features are not divided by {num_heads} heads", nameof(num_heads));
        (_heads, _dropout) = (num_heads, dropout);
        in_proj_weight = new Parameter(empty([3 * embedded_dim, embedded_dim]));
        nn.init.xavier_uniform_(in_proj_weight);
        register_parameter(nameof(in_proj_weight), in_proj_weight);
        if (bias)
        {
            in_proj_bias = new Parameter(zeros([3 * embedded_dim]));
            register_parameter(nameof(in_proj_bias), in_proj_bias);
        }
        out_proj = nn.Linear(embedded_dim, embedded_dim, bias);
        if (out_proj.bias is not null)
            nn.init.zeros_(out_proj.bias);
        register_module(nameof(out_proj), out_proj);
    }

    /// <summary>[3 E, E]: for queries, keys and values.</summary>
    public Parameter in_proj_weight { get; }

    /// <summary>[3 E].</summary>
    public Parameter? in_proj_bias { get; }

    public Linear out_proj { get; }

    /// <summary>Attends.</summary>
    /// <param name="input1">Queries, [L, N, E].</param>
    /// <param name="input2">Keys, [S, N, E].</param>
    /// <param name="input3">Values, [S, N, E].</param>
    /// <param name="input4">Keys to leave out where true, [N, S].</param>
    /// <param name="input5">Whether to return the weights, averaged over heads, [N, L, S].</param>
    /// <param name="input6">Added to the scores, or, of truth values, pairs to leave out: [L, S] or [N · heads, L, S].</param>
    public override Tuple<Tensor, Tensor?> forward(Tensor input1, Tensor input2, Tensor input3, Tensor? input4, bool input5, Tensor? input6)
    {
        using DisposeScope scope = NewDisposeScope();
        long l = input1.size(0), n = input1.size(1), e = input1.size(2), s = input2.size(0), width = e / _heads;
        Tensor q = Project(input1, 0, e) * (1 / Math.Sqrt(width)), k = Project(input2, 1, e), v = Project(input3, 2, e);
        Tensor scores = Heads(q, l).bmm(Heads(k, s).transpose(1, 2));
        if (input6 is not null)
            scores = input6.dtype == ScalarType.Bool ? scores.masked_fill(input6, double.NegativeInfinity) : scores + input6;
        if (input4 is not null)
            scores = scores.view(n, _heads, l, s).masked_fill(input4.unsqueeze(1).unsqueeze(2), double.NegativeInfinity).view(n * _heads, l, s);
        Tensor weights = F.dropout(scores.softmax(-1), _dropout, training);
        Tensor output = out_proj.call(weights.bmm(Heads(v, s)).transpose(0, 1).contiguous().view(l, n, e));
        Tensor? mean = input5 ? scope.MoveToOuter(weights.view(n, _heads, l, s).mean([1])) : null;
        return Tuple.Create(scope.MoveToOuter(output), mean);

        Tensor Heads(Tensor t, long length) => t.contiguous().view(length, n * _heads, width).transpose(0, 1);
    }

    public new Tuple<Tensor, Tensor?> call(Tensor query, Tensor key, Tensor value, Tensor? key_padding_mask = null, bool need_weights = true, Tensor? attn_mask = null) =>
        forward(query, key, value, key_padding_mask, need_weights, attn_mask);

    private Tensor Project(Tensor input, int which, long e) => F.linear(input, in_proj_weight.narrow(0, which * e, e), in_proj_bias?.narrow(0, which * e, e));
}

/// <summary>Attention and a feed-forward network, each with a residual and normalisation behind it. [L, N, E].</summary>
public sealed class TransformerEncoderLayer : nn.Module<Tensor, Tensor?, Tensor?, Tensor>
{
    private readonly nn.Activations _activation;
    private readonly double _dropout;

    internal TransformerEncoderLayer(long d_model, long nhead, long dim_feedforward, double dropout, nn.Activations activation)
        : base(nameof(TransformerEncoderLayer))
    {
        (Sizes, _dropout, _activation) = ((d_model, nhead, dim_feedforward), dropout, activation);
        self_attn = nn.MultiheadAttention(d_model, nhead, dropout);
        linear1 = nn.Linear(d_model, dim_feedforward);
        linear2 = nn.Linear(dim_feedforward, d_model);
        norm1 = nn.LayerNorm(d_model);
        norm2 = nn.LayerNorm(d_model);
        register_module(nameof(self_attn), self_attn);
        register_module(nameof(linear1), linear1);
        register_module(nameof(linear2), linear2);
        register_module(nameof(norm1), norm1);
        register_module(nameof(norm2), norm2);
    }

    public MultiheadAttention self_attn { get; }

    public Linear linear1 { get; }

    public Linear linear2 { get; }

    public LayerNorm norm1 { get; }

    public LayerNorm norm2 { get; }

    internal (long Model, long Heads, long FeedForward) Sizes { get; }

    /// <summary>Sequence, pairs to leave out or to add to, keys to leave out.</summary>
    public override Tensor forward(Tensor input1, Tensor? input2, Tensor? input3)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor attended = self_attn.call(input1, input1, input1, input3, need_weights: false, input2).Item1;
        Tensor x = norm1.call(input1 + F.dropout(attended, _dropout, training));
        Tensor inner = linear1.call(x);
        Tensor fed = linear2.call(F.dropout(_activation == nn.Activations.GELU ? F.gelu(inner) : F.relu(inner), _dropout, training));
        return scope.MoveToOuter(norm2.call(x + F.dropout(fed, _dropout, training)));
    }

    public Tensor call(Tensor src) => forward(src, null, null);

    /// <summary>One with the same sizes and values of its own memory.</summary>
    internal TransformerEncoderLayer Copy()
    {
        var copy = new TransformerEncoderLayer(Sizes.Model, Sizes.Heads, Sizes.FeedForward, _dropout, _activation);
        copy.load_state_dict(state_dict());
        return copy;
    }
}

/// <summary>Encoder layers one behind another; each begins as a copy of the first.</summary>
public sealed class TransformerEncoder : nn.Module<Tensor, Tensor?, Tensor?, Tensor>
{
    internal TransformerEncoder(TransformerEncoderLayer layer, long num_layers)
        : base(nameof(TransformerEncoder))
    {
        layers = new ModuleList<TransformerEncoderLayer>([.. Enumerable.Range(0, (int)num_layers).Select(_ => layer.Copy())]);
        register_module(nameof(layers), layers);
    }

    public ModuleList<TransformerEncoderLayer> layers { get; }

    /// <inheritdoc cref="TransformerEncoderLayer.forward"/>
    public override Tensor forward(Tensor input1, Tensor? input2, Tensor? input3)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = input1.alias();
        foreach (TransformerEncoderLayer layer in layers)
            x = layer.call(x, input2, input3);
        return scope.MoveToOuter(x);
    }

    public Tensor call(Tensor src) => forward(src, null, null);
}
