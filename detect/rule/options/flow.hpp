#pragma once

#include "detect/rule/text/text_cursor.hpp"

#include <optional>

namespace cresset::detect::rule::options {

enum class way : std::uint8_t { to_server, to_client };

/// `flow`: what the flow must be like.
struct flow {
  enum class state : std::uint8_t { any, established, not_established, stateless };
  enum class stream : std::uint8_t { any, only_stream, no_stream };
  enum class fragment : std::uint8_t { any, only_frag, no_frag };
  state is = state::any;
  std::optional<way> direction;
  stream seen_as = stream::any;
  fragment from = fragment::any;
};

text::parsed<flow> parse_flow(text::text_cursor in);

} // namespace cresset::detect::rule::options
