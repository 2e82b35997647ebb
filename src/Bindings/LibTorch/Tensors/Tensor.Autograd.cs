using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Whether gradients with respect to it are wanted.</summary>
        public bool requires_grad
        {
            get => Native.lt_requires_grad(H) != 0;
            set => Status.Check(Native.lt_set_requires_grad(H, value ? 1 : 0));
        }

        /// <summary>True if no operation that is on record made it.</summary>
        public bool is_leaf => Native.lt_is_leaf(H) != 0;

        /// <summary>The gradient that <see cref="backward"/> has added up; null if there is none. Each read gives another handle to the same tensor.</summary>
        public Tensor? grad
        {
            get
            {
                Status.Check(Native.lt_grad(H, out TensorHandle h));
                return h.IsInvalid ? null : new Tensor(h);
            }

            set => Status.Check(Native.lt_set_grad(H, Optional(value)));
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        /// <summary>Adds the gradients of this tensor to those of everything that it was made from.</summary>
        /// <param name="gradient">Gradient with respect to this tensor; may be left out if it has one element.</param>
        /// <param name="retain_graph">Keep the record, to go back again. Name these two: releases of TorchSharp differ in their order.</param>
        /// <param name="create_graph">Record this, too, for second derivatives.</param>
        public void backward(Tensor? gradient = null, bool retain_graph = false, bool create_graph = false) =>
            Status.Check(Native.lt_backward(H, Optional(gradient), retain_graph || create_graph ? 1 : 0, create_graph ? 1 : 0));

        /// <summary>The same elements without the record of how they came about.</summary>
        public Tensor detach() => Result(Native.lt_detach(H, out TensorHandle h), h);
    }
}
