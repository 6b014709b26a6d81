#include "coord/console/assets.hpp"

namespace cresset::coord::console {

namespace {

http::response serve(const asset& file) {
  http::response answer;
  answer.content_type = std::string{file.content_type};
  answer.body = std::string{file.content};
  // A file whose name changes with its content may be kept for ever; the page that names them must be asked for anew.
  const bool is_hashed = file.path.starts_with("/assets/");
  answer.headers.push_back(
      {"Cache-Control", is_hashed ? "public, max-age=31536000, immutable" : "no-cache"});
  return answer;
}

} // namespace

void install(http::router& router) {
  for (const asset& file : assets()) {
    const std::string path{file.path == "/index.html" ? "/" : file.path};
    router.add(http::method::get, path, http::access_level::anyone,
               [&file](const http::request&) { return serve(file); });
  }
}

} // namespace cresset::coord::console
