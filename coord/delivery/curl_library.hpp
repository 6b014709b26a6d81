#pragma once

namespace cresset::coord::delivery {

/// libcurl for the life of this object: the program makes one before any thread sends, and outlives
/// all that send. Throws std::runtime_error when libcurl cannot begin.
class curl_library {
public:
  curl_library();
  ~curl_library();
  curl_library(const curl_library&) = delete;
  curl_library& operator=(const curl_library&) = delete;
};

} // namespace cresset::coord::delivery
