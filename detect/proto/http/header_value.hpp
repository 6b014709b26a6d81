#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Header values that mean more than their text.
namespace cresset::detect::proto::http {

/// The value of one parameter of a header ("attachment; filename=\"a.txt\"", "multipart/form-data;
/// boundary=x"), without its quotes; names compare in any case.
std::optional<std::string_view> parameter_of(std::string_view header,
                                             std::string_view name) noexcept;

/// Content-Range of a partial answer (RFC 9110 14.4): "bytes 500-1000/146515"; `size` is missing
/// for "*".
struct content_range {
  std::int64_t start = -1;
  std::int64_t end = -1;
  std::int64_t size = -1;
};
std::optional<content_range> parse_content_range(std::string_view header) noexcept;

/// Whether the header's value without its parameters is `type`, in any case.
bool media_type_is(std::string_view header, std::string_view type) noexcept;

} // namespace cresset::detect::proto::http
