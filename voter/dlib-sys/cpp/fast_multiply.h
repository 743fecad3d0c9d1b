// The one matrix product in which the descriptor network spends most of its time.
//
// Without a BLAS library, dlib multiplies filters by the transposed column matrix of a picture
// one number after another. The overload declared here is chosen by the compiler for exactly
// these types; everything else stays with dlib. This file is included before dlib's own sources
// (which refuse to come second), hence only declarations. Compilers without GCC's vector types
// keep dlib's product.
#ifndef IREFUDA_FAST_MULTIPLY_H
#define IREFUDA_FAST_MULTIPLY_H

#if defined(__GNUC__)

namespace dlib {

template <typename T>
class memory_manager_stateless_kernel_1;
struct row_major_layout;
template <typename T, long R, long C, typename M, typename L>
class matrix;
template <typename OP>
class matrix_op;
template <typename T>
struct op_pointer_to_mat;
template <typename M>
struct op_trans;
template <typename T>
class assignable_ptr_matrix;

void default_matrix_multiply(
    assignable_ptr_matrix<float>& dest, const matrix_op<op_pointer_to_mat<float>>& lhs,
    const matrix_op<op_trans<
        matrix<float, 0, 0, memory_manager_stateless_kernel_1<char>, row_major_layout>>>& rhs);

}  // namespace dlib

#endif
#endif
