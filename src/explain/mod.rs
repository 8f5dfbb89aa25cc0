//! Why a subject is judged as it is: what was read, what fired, and which condition of the rest did not hold.
