// Layers, activations and losses.
#include "shim.h"

LT_UNARY(relu)
LT_UNARY(silu)
LT_UNARY(mish)
LT_TENSOR(gelu, (tensor t, int32_t by_tanh, tensor* out), at::gelu(*t, by_tanh ? "tanh" : "none"))
LT_TENSOR(softplus, (tensor t, double beta, double threshold, tensor* out), at::softplus(*t, beta, threshold))
LT_TENSOR(leaky_relu, (tensor t, double slope, tensor* out), at::leaky_relu(*t, slope))
LT_TENSOR(elu, (tensor t, double alpha, tensor* out), at::elu(*t, alpha))
LT_TENSOR(softmax, (tensor t, int64_t dim, int32_t dtype, tensor* out), at::softmax(*t, dim, maybe_type(dtype)))
LT_TENSOR(log_softmax, (tensor t, int64_t dim, int32_t dtype, tensor* out), at::log_softmax(*t, dim, maybe_type(dtype)))
LT_TENSOR(dropout, (tensor t, double p, int32_t training, tensor* out), at::dropout(*t, p, training != 0))

LT_TENSOR(linear, (tensor t, tensor weight, tensor bias, tensor* out), at::linear(*t, *weight, maybe(bias)))
LT_TENSOR(layer_norm, (tensor t, const int64_t* shape, int32_t rank, tensor weight, tensor bias, double eps, tensor* out),
          at::layer_norm(*t, dims(shape, rank), maybe(weight), maybe(bias), eps))
LT_TENSOR(group_norm, (tensor t, int64_t groups, tensor weight, tensor bias, double eps, tensor* out),
          at::group_norm(*t, groups, maybe(weight), maybe(bias), eps))
LT_TENSOR(batch_norm, (tensor t, tensor weight, tensor bias, tensor mean, tensor var, int32_t training, double momentum, double eps, tensor* out),
          at::batch_norm(*t, maybe(weight), maybe(bias), maybe(mean), maybe(var), training != 0, momentum, eps, false))
LT_TENSOR(conv1d, (tensor t, tensor weight, tensor bias, int64_t stride, int64_t padding, int64_t dilation, int64_t groups, tensor* out),
          at::conv1d(*t, *weight, maybe(bias), stride, padding, dilation, groups))
LT_TENSOR(conv_transpose1d,
          (tensor t, tensor weight, tensor bias, int64_t stride, int64_t padding, int64_t output_padding, int64_t groups, int64_t dilation, tensor* out),
          at::conv_transpose1d(*t, *weight, maybe(bias), stride, padding, output_padding, groups, dilation))
LT_TENSOR(embedding, (tensor weight, tensor indices, int64_t padding_idx, tensor* out), at::embedding(*weight, *indices, padding_idx))
LT_TENSOR(one_hot, (tensor t, int64_t classes, tensor* out), at::one_hot(*t, classes))

namespace {

void box_all(std::initializer_list<std::pair<at::Tensor, tensor*>> results) {
  std::vector<tensor> boxed;
  boxed.reserve(results.size());
  try {
    for (const auto& result : results) boxed.push_back(box(result.first));
  } catch (...) {
    for (tensor t : boxed) {
      delete t;
      live_tensors.fetch_sub(1);
    }
    throw;
  }
  size_t i = 0;
  for (const auto& result : results) *result.second = boxed[i++];
}

}  // namespace

// `weights`: for each layer and direction w_ih, w_hh and, with biases, b_ih, b_hh.
LT_ACTION(lstm,
          (tensor t, tensor h, tensor c, const tensor* weights, int32_t count, int32_t biases, int64_t layers, double dropout, int32_t training,
           int32_t bidirectional, int32_t batch_first, tensor* out, tensor* out_h, tensor* out_c),
          {
            auto [output, hidden, cell] = at::lstm(*t, {*h, *c}, list(weights, count), biases != 0, layers, dropout, training != 0, bidirectional != 0, batch_first != 0);
            box_all({{output, out}, {hidden, out_h}, {cell, out_c}});
          })
LT_ACTION(gru,
          (tensor t, tensor h, const tensor* weights, int32_t count, int32_t biases, int64_t layers, double dropout, int32_t training,
           int32_t bidirectional, int32_t batch_first, tensor* out, tensor* out_h),
          {
            auto [output, hidden] = at::gru(*t, *h, list(weights, count), biases != 0, layers, dropout, training != 0, bidirectional != 0, batch_first != 0);
            box_all({{output, out}, {hidden, out_h}});
          })

// Reductions: 0 none, 1 mean, 2 sum.
LT_TENSOR(mse_loss, (tensor t, tensor target, int32_t reduction, tensor* out), at::mse_loss(*t, *target, reduction))
LT_TENSOR(l1_loss, (tensor t, tensor target, int32_t reduction, tensor* out), at::l1_loss(*t, *target, reduction))
LT_TENSOR(smooth_l1_loss, (tensor t, tensor target, int32_t reduction, double beta, tensor* out), at::smooth_l1_loss(*t, *target, reduction, beta))
LT_TENSOR(huber_loss, (tensor t, tensor target, int32_t reduction, double delta, tensor* out), at::huber_loss(*t, *target, reduction, delta))
LT_TENSOR(cross_entropy, (tensor t, tensor target, tensor weight, int32_t reduction, int64_t ignore_index, double smoothing, tensor* out),
          at::cross_entropy_loss(*t, *target, maybe(weight), reduction, ignore_index, smoothing))
LT_TENSOR(binary_cross_entropy_with_logits, (tensor t, tensor target, tensor weight, tensor pos_weight, int32_t reduction, tensor* out),
          at::binary_cross_entropy_with_logits(*t, *target, maybe(weight), maybe(pos_weight), reduction))
