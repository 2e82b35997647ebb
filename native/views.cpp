// Shapes, views, and picking elements.
#include "shim.h"

#include <ATen/TensorIndexing.h>

LT_TENSOR(reshape, (tensor t, const int64_t* shape, int32_t rank, tensor* out), t->reshape(dims(shape, rank)))
LT_TENSOR(view, (tensor t, const int64_t* shape, int32_t rank, tensor* out), t->view(dims(shape, rank)))
LT_TENSOR(expand, (tensor t, const int64_t* shape, int32_t rank, tensor* out), t->expand(dims(shape, rank)))
LT_TENSOR(repeat, (tensor t, const int64_t* repeats, int32_t rank, tensor* out), t->repeat(dims(repeats, rank)))
LT_TENSOR(permute, (tensor t, const int64_t* order, int32_t rank, tensor* out), t->permute(dims(order, rank)))
LT_TENSOR(flip, (tensor t, const int64_t* along, int32_t count, tensor* out), t->flip(dims(along, count)))
LT_TENSOR(transpose, (tensor t, int64_t first, int64_t second, tensor* out), t->transpose(first, second))
LT_TENSOR(flatten, (tensor t, int64_t first, int64_t last, tensor* out), t->flatten(first, last))
LT_TENSOR(unsqueeze, (tensor t, int64_t dim, tensor* out), t->unsqueeze(dim))
LT_TENSOR(squeeze, (tensor t, tensor* out), t->squeeze())
LT_TENSOR(squeeze_dim, (tensor t, int64_t dim, tensor* out), t->squeeze(dim))
LT_TENSOR(narrow, (tensor t, int64_t dim, int64_t start, int64_t length, tensor* out), t->narrow(dim, start, length))
LT_TENSOR(select, (tensor t, int64_t dim, int64_t index, tensor* out), t->select(dim, index))
LT_TENSOR(slice, (tensor t, int64_t dim, int64_t start, int64_t stop, int64_t step, tensor* out), t->slice(dim, start, stop, step))
LT_TENSOR(index_select, (tensor t, int64_t dim, tensor index, tensor* out), t->index_select(dim, *index))
LT_TENSOR(gather, (tensor t, int64_t dim, tensor index, tensor* out), t->gather(dim, *index))
LT_TENSOR(scatter, (tensor t, int64_t dim, tensor index, tensor source, tensor* out), t->scatter(dim, *index, *source))
LT_TENSOR(masked_fill, (tensor t, tensor mask, scalar value, tensor* out), t->masked_fill(*mask, value.value()))
LT_TENSOR(masked_select, (tensor t, tensor mask, tensor* out), t->masked_select(*mask))
LT_TENSOR(where, (tensor condition, tensor a, tensor b, tensor* out), at::where(*condition, *a, *b))
LT_TENSOR(cat, (const tensor* tensors, int32_t count, int64_t dim, tensor* out), at::cat(list(tensors, count), dim))
LT_TENSOR(stack, (const tensor* tensors, int32_t count, int64_t dim, tensor* out), at::stack(list(tensors, count), dim))
LT_TENSOR(tril, (tensor t, int64_t diagonal, tensor* out), at::tril(*t, diagonal))
LT_TENSOR(triu, (tensor t, int64_t diagonal, tensor* out), at::triu(*t, diagonal))

namespace {

// An undefined tensor stands for a whole dimension.
c10::List<c10::optional<at::Tensor>> indices(const tensor* values, int32_t count) {
  c10::List<c10::optional<at::Tensor>> result;
  for (int32_t i = 0; i < count; i++) result.push_back(maybe(values[i]));
  return result;
}

}  // namespace

LT_TENSOR(index, (tensor t, const tensor* at, int32_t count, tensor* out), t->index(indices(at, count)))
LT_ACTION(index_put_, (tensor t, const tensor* at, int32_t count, tensor values), t->index_put_(indices(at, count), *values))
