# Writes the migrations into one source: cmake -DOUTPUT=… -DINPUTS=a.sql;b.sql -P embed_schema.cmake
set(entries "")
foreach(file ${INPUTS})
  get_filename_component(name ${file} NAME_WE)
  string(SUBSTRING ${name} 0 4 number)
  math(EXPR number "1${number} - 10000")
  file(READ ${file} text)
  string(APPEND entries "    {${number}, \"${name}\", R\"sql(${text})sql\"},\n")
endforeach()
file(WRITE ${OUTPUT} "// Made from coord/store/schema/*.sql by embed_schema.cmake.
#include \"coord/store/migrations.hpp\"

namespace cresset::coord::store {

std::span<const migration> embedded_migrations() noexcept {
  static constexpr migration all[] = {
${entries}  };
  return all;
}

} // namespace cresset::coord::store
")
