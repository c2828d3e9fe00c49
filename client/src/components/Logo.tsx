/** The product's mark: a course rising above its line. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" className="logo">
      <rect width="32" height="32" rx="8" fill="rgba(95,211,174,.16)" />
      <path
        d="M7 20.5 13 14l4 3.5 8-9"
        fill="none"
        stroke="#5fd3ae"
        strokeWidth="3"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <path d="M7 25.5h18" stroke="currentColor" strokeWidth="2" strokeLinecap="round" opacity=".6" />
    </svg>
  )
}
