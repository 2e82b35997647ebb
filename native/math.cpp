// Arithmetic, comparisons and reductions.
#include "shim.h"

LT_UNARY(neg)
LT_UNARY(abs)
LT_UNARY(exp)
LT_UNARY(expm1)
LT_UNARY(log)
LT_UNARY(log1p)
LT_UNARY(sqrt)
LT_UNARY(rsqrt)
LT_UNARY(square)
LT_UNARY(reciprocal)
LT_UNARY(sin)
LT_UNARY(cos)
LT_UNARY(tanh)
LT_UNARY(atanh)
LT_UNARY(erf)
LT_UNARY(erfinv)
LT_UNARY(sigmoid)
LT_UNARY(floor)
LT_UNARY(ceil)
LT_UNARY(round)
LT_UNARY(sign)
LT_UNARY(isnan)
LT_UNARY(isfinite)
LT_UNARY(logical_not)

LT_BINARY(mul)
LT_BINARY(div)
LT_BINARY(pow)
LT_BINARY(maximum)
LT_BINARY(minimum)
LT_BINARY(eq)
LT_BINARY(ne)
LT_BINARY(lt)
LT_BINARY(le)
LT_BINARY(gt)
LT_BINARY(ge)
LT_BINARY(logical_and)
LT_BINARY(logical_or)
LT_BINARY(matmul)
LT_BINARY(mm)
LT_BINARY(bmm)
LT_BINARY(mv)
LT_TENSOR(add, (tensor a, tensor b, scalar alpha, tensor* out), at::add(*a, *b, alpha.value()))
LT_TENSOR(sub, (tensor a, tensor b, scalar alpha, tensor* out), at::sub(*a, *b, alpha.value()))
LT_TENSOR(addmv, (tensor t, tensor matrix, tensor vector, scalar beta, scalar alpha, tensor* out), at::addmv(*t, *matrix, *vector, beta.value(), alpha.value()))
LT_TENSOR(addmm, (tensor t, tensor a, tensor b, scalar beta, scalar alpha, tensor* out), at::addmm(*t, *a, *b, beta.value(), alpha.value()))

LT_SCALAR(mul)
LT_SCALAR(div)
LT_SCALAR(pow)
LT_SCALAR(eq)
LT_SCALAR(ne)
LT_SCALAR(lt)
LT_SCALAR(le)
LT_SCALAR(gt)
LT_SCALAR(ge)
LT_TENSOR(add_scalar, (tensor a, scalar b, tensor* out), at::add(*a, b.value()))
LT_TENSOR(sub_scalar, (tensor a, scalar b, tensor* out), at::sub(*a, b.value()))
LT_TENSOR(rsub_scalar, (tensor a, scalar b, tensor* out), at::rsub(*a, b.value()))

// Null limits are none.
LT_TENSOR(clamp, (tensor a, const scalar* low, const scalar* high, tensor* out),
          at::clamp(*a, low ? c10::optional<at::Scalar>(low->value()) : c10::nullopt, high ? c10::optional<at::Scalar>(high->value()) : c10::nullopt))

LT_ACTION(add_, (tensor a, tensor b, scalar alpha), a->add_(*b, alpha.value()))
LT_ACTION(sub_, (tensor a, tensor b, scalar alpha), a->sub_(*b, alpha.value()))
LT_ACTION(mul_, (tensor a, tensor b), a->mul_(*b))
LT_ACTION(div_, (tensor a, tensor b), a->div_(*b))
LT_ACTION(add_scalar_, (tensor a, scalar b), a->add_(b.value()))
LT_ACTION(mul_scalar_, (tensor a, scalar b), a->mul_(b.value()))
LT_ACTION(div_scalar_, (tensor a, scalar b), a->div_(b.value()))
LT_ACTION(addcmul_, (tensor t, tensor a, tensor b, scalar value), t->addcmul_(*a, *b, value.value()))
LT_ACTION(addcdiv_, (tensor t, tensor a, tensor b, scalar value), t->addcdiv_(*a, *b, value.value()))
LT_ACTION(lerp_, (tensor t, tensor end, scalar weight), t->lerp_(*end, weight.value()))
LT_ACTION(sqrt_, (tensor t), t->sqrt_())
LT_ACTION(exp_, (tensor t), t->exp_())
LT_ACTION(clamp_, (tensor t, scalar low, scalar high), t->clamp_(low.value(), high.value()))
LT_ACTION(maximum_, (tensor t, tensor other), at::maximum_out(*t, *t, *other))
LT_ACTION(copy_, (tensor t, tensor source), t->copy_(*source))
LT_ACTION(fill_, (tensor t, scalar value), t->fill_(value.value()))
LT_ACTION(normal_, (tensor t, double mean, double std, at::Generator* generator), t->normal_(mean, std, maybe(generator)))
LT_ACTION(uniform_, (tensor t, double low, double high, at::Generator* generator), t->uniform_(low, high, maybe(generator)))
LT_ACTION(bernoulli_, (tensor t, double probability, at::Generator* generator), t->bernoulli_(probability, maybe(generator)))

LT_TENSOR(sum, (tensor t, int32_t dtype, tensor* out), at::sum(*t, maybe_type(dtype)))
LT_TENSOR(mean, (tensor t, int32_t dtype, tensor* out), at::mean(*t, maybe_type(dtype)))
LT_TENSOR(sum_dims, (tensor t, const int64_t* along, int32_t count, int32_t keep, int32_t dtype, tensor* out),
          at::sum(*t, maybe_dims(along, count), keep != 0, maybe_type(dtype)))
LT_TENSOR(mean_dims, (tensor t, const int64_t* along, int32_t count, int32_t keep, int32_t dtype, tensor* out),
          at::mean(*t, maybe_dims(along, count), keep != 0, maybe_type(dtype)))
LT_TENSOR(std, (tensor t, const int64_t* along, int32_t count, int32_t unbiased, int32_t keep, tensor* out),
          at::std(*t, maybe_dims(along, count), unbiased != 0, keep != 0))
LT_TENSOR(var, (tensor t, const int64_t* along, int32_t count, int32_t unbiased, int32_t keep, tensor* out),
          at::var(*t, maybe_dims(along, count), unbiased != 0, keep != 0))
LT_UNARY(max)
LT_UNARY(min)
LT_UNARY(all)
LT_UNARY(any)
LT_TENSOR(norm, (tensor t, scalar p, tensor* out), at::norm(*t, p.value()))
LT_TENSOR(logsumexp, (tensor t, const int64_t* along, int32_t count, int32_t keep, tensor* out), at::logsumexp(*t, dims(along, count), keep != 0))
LT_TENSOR(cumsum, (tensor t, int64_t dim, tensor* out), at::cumsum(*t, dim))
LT_TENSOR(argmax, (tensor t, int32_t whole, int64_t dim, int32_t keep, tensor* out),
          at::argmax(*t, whole ? c10::nullopt : c10::optional<int64_t>(dim), keep != 0))
LT_TENSOR(argmin, (tensor t, int32_t whole, int64_t dim, int32_t keep, tensor* out),
          at::argmin(*t, whole ? c10::nullopt : c10::optional<int64_t>(dim), keep != 0))

namespace {

// Both are boxed or neither is.
void box_pair(std::tuple<at::Tensor, at::Tensor> pair, tensor* first, tensor* second) {
  tensor boxed = box(std::move(std::get<0>(pair)));
  try {
    *second = box(std::move(std::get<1>(pair)));
  } catch (...) {
    delete boxed;
    live_tensors.fetch_sub(1);
    throw;
  }
  *first = boxed;
}

}  // namespace

LT_ACTION(max_dim, (tensor t, int64_t dim, int32_t keep, tensor* values, tensor* indices), box_pair(at::max(*t, dim, keep != 0), values, indices))
LT_ACTION(min_dim, (tensor t, int64_t dim, int32_t keep, tensor* values, tensor* indices), box_pair(at::min(*t, dim, keep != 0), values, indices))
LT_ACTION(sort, (tensor t, int64_t dim, int32_t descending, tensor* values, tensor* indices), box_pair(at::sort(*t, dim, descending != 0), values, indices))
