#pragma once

#include "coord/http/router.hpp"

#include <span>
#include <string_view>

namespace cresset::coord::console {

/// One file of the built page, compiled into the program: a server needs neither node nor a folder of files.
struct asset {
  /// "/index.html", "/assets/index-3f2a.js"; those in /assets carry a hash of their content in the name.
  std::string_view path;
  std::string_view content_type;
  std::string_view content;
};

/// All of them, ordered by path. Written by `embed.mjs` at build time.
std::span<const asset> assets() noexcept;

/// Serves the page: index.html at "/", the rest at their paths. Anyone may read it; there is nothing in it but the page.
void install(http::router& router);

} // namespace cresset::coord::console
